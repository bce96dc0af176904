import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// What the table of commands promises of all of them, in every state of the dashboard.
@Suite struct CommandTableTests {
    private func canvas(_ model: DashboardModel, _ size: Size = Size(width: 200, height: 70)) -> Canvas {
        Drawing(model, theme: .standard()).canvas(size)
    }

    private func offered(_ model: DashboardModel) -> [Command] {
        CommandTable.commands.filter { $0.offer(model) == .offered }
    }

    @Test func everyCommandHasANameOfItsOwn() {
        let names = CommandTable.commands.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { !$0.isEmpty && !$0.contains(" ") })
    }

    @Test(arguments: Situation.allCases)
    func noTwoCommandsOfferedAtATimeShareAKey(situation: Situation) {
        let keys = offered(situation.model).flatMap { $0.keys.map(\.event) }
        #expect(Dictionary(grouping: keys) { $0 }.filter { $1.count > 1 }.isEmpty)
    }

    @Test func aRowNamesTheKeysOfItsCommands() {
        // Those that are found without being told of.
        let untold = ["up", "down", "left", "right", "Home", "End", "Shift-Tab", "=", "F1"]
        for row in CommandTable.rows {
            for key in row.commands.flatMap(\.keys) where !untold.contains(key.event.words) {
                let isTold = row.keys.contains(key.event.words) || row.words.contains(key.event.words)
                // In a replay the key to freeze pauses as well.
                #expect(isTold || (row.group == .replay && key.event == .character("f")), "\(row.keys): \(key.event)")
            }
        }
    }

    // MARK: Help, footer, prompt

    @Test(arguments: Situation.allCases)
    func helpListsExactlyWhatIsOffered(situation: Situation) {
        var model = situation.model
        _ = model.reduce(.key(.character("?")))
        let help = canvas(model).text
        for row in CommandTable.rows {
            let isListed = help.contains("\(row.keys.padded(to: 15))\(row.words)")
            #expect(
                isListed == row.commands.contains { $0.offer(situation.model) == .offered }, "\(row.keys) \(row.words)")
        }
    }

    @Test(arguments: Situation.allCases)
    func aClickOnAHintIsTheSameAsItsKey(situation: Situation) {
        let model = situation.model
        let canvas = canvas(model, Size(width: 300, height: 40))
        var found = 0
        for x in 0..<300 {
            guard let place = canvas.target(x: x, y: 39)?.value as? Place,
                case .command(let name, let argument) = place,
                let command = CommandTable.command(named: name),
                let key = command.keys.first(where: { $0.argument == argument })
            else { continue }
            found += 1
            var (clicked, pressed) = (model, model)
            #expect(clicked.reduce(.mouse(.click, place)) == pressed.reduce(.key(key.event)))
            let isSame = clicked == pressed
            #expect(isSame, "\(name)")
        }
        #expect(found > 10, "help and quit at least")
    }

    @Test func aClickOnOneOfTwoKeysGivesThatOne() throws {
        var model = Situation.replay.model
        let canvas = canvas(model)
        let line = canvas.line(69)
        let start = try #require(line.range(of: "[ ] 10 s")).lowerBound
        let x = String(line[..<start]).columns
        let effects = [0, 2].map { model.reduce(.mouse(.click, canvas.target(x: x + $0, y: 69)?.value as? Place)) }
        #expect(effects == [[.replay(.scrub(seconds: -10))], [.replay(.scrub(seconds: 10))]])
    }

    @Test func aHintThatIsClickedBesideADialogClosesIt() {
        var model = Situation.calm.model
        _ = model.reduce(.key(.character("?")))
        _ = model.reduce(.mouse(.click, .command("reshard", argument: nil)))
        #expect(model.overlay == nil)
    }

    @Test(arguments: Situation.allCases)
    func everyCommandThatIsOfferedIsGivenByItsName(situation: Situation) {
        for command in offered(situation.model) {
            // A key's argument, or one of those that Tab shows, or one that means something to every command.
            let example = command.keys.compactMap(\.argument).first ?? command.argument?.values(situation.model).first
            let argument = command.argument == nil ? nil : example ?? "10.0.0.1:8081 0"
            var (typed, given) = (situation.model, situation.model)
            _ = typed.reduce(.key(.character(":")))
            for character in command.name + (argument.map { " \($0)" } ?? "") {
                _ = typed.reduce(.key(.character(character)))
            }
            let effects = typed.reduce(.key(.enter))
            typed.commandsGiven = []
            #expect(effects == given.give(command, argument), "\(command.name)")
            if typed != given, case .prompt(let prompt)? = typed.overlay {
                Issue.record("\(command.name): \(prompt.problem ?? "")")
            }
            let isSame = typed == given
            #expect(isSame, "\(command.name)")
        }
    }

    // MARK: Refused and absent

    @Test(arguments: Situation.allCases)
    func whatIsRefusedSaysWhyInTheFeedbackLineAndWhereItIsTyped(situation: Situation) {
        for command in CommandTable.commands {
            guard case .refused(let reason) = command.offer(situation.model) else { continue }
            for key in command.keys {
                var model = situation.model
                guard CommandTable.binding(of: key.event, in: model)?.command.name == command.name else { continue }
                #expect(model.reduce(.key(key.event)).isEmpty)
                #expect(model.overlay == nil)
                #expect(model.log.last?.text == reason && model.log.last?.isProblem == true)
                let small = canvas(model, Size(width: 80, height: 24))
                #expect(small.line(22).contains(reason.prefix(60)) && small.line(23).contains("? help"))
            }
            var model = situation.model
            for character in ":\(command.name) 3" { _ = model.reduce(.key(.character(character))) }
            #expect(canvas(model).line(69).contains(reason), "before Enter too")
            #expect(model.reduce(.key(.enter)).isEmpty)
            guard case .prompt(let prompt)? = model.overlay else {
                Issue.record("\(command.name) was carried out")
                continue
            }
            #expect(prompt.problem == reason)
        }
    }

    @Test(arguments: Situation.allCases)
    func theKeysOfWhatIsAbsentDoNothing(situation: Situation) {
        for key in Set(CommandTable.commands.flatMap { $0.keys.map(\.event) }) {
            guard CommandTable.binding(of: key, in: situation.model) == nil else { continue }
            var model = situation.model
            #expect(model.reduce(.key(key)).isEmpty)
            let isSame = model == situation.model
            #expect(isSame, "\(key.words)")
        }
    }

    @Test func whatIsRefusedIsRefusedForThisReason() {
        func reason(_ name: String, _ situation: Situation) -> String? { situation.model.reason(against: name) }
        #expect(reason("reshard", .migrating) == "a reshard is running; wait for it, or abort it with a")
        #expect(reason("abort", .committed) == "the point of no return is passed; the reshard completes")
        #expect(reason("reshard", .readOnly) == "read-only: nothing here changes the cluster")
        #expect(reason("reshard", .nobody) == "no node answers")
        #expect(reason("where", .replay) == "a recording cannot be asked for a key")
        #expect(reason("kill", .replay) == "a recording cannot be changed")
        #expect(reason("kill", .starting) == "no node has answered yet")
        #expect(reason("run", .demo) == "reshards go on by themselves already")
        #expect(reason("kill", .calm) == nil, "only a demo's nodes are killed, and nothing is said of it elsewhere")
    }
}
