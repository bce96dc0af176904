import ShardCore
import TerminalUI

/// A line of text being typed at the foot of the screen.
public struct Prompt: Equatable, Sendable {
    public enum Kind: Equatable, Sendable { case filter, command }

    public var kind: Kind
    public var line = TextLine()
    public var text: String { line.text }
    /// The place among the commands given before, counted from the last; nil while a new one is typed.
    var place: Int?
    /// What Tab goes through: what had been typed, and which of the commands that it may become is shown.
    struct Completion: Equatable, Sendable {
        var typed: String
        var index: Int
    }
    var completion: Completion?
    /// Why the command was not carried out.
    public var problem: String?
}

/// A command that can be typed after a colon.
struct Command: Equatable, Sendable {
    var name: String
    /// What follows the name; empty for nothing.
    var arguments = ""
    var words: String
}

extension DashboardModel {
    static let commandsKeptMax = 100

    /// Those that can be given here and now.
    var commands: [Command] {
        let writes = !isReadOnly && isReached
        var commands: [Command] = []
        func offer(_ isOffered: Bool, _ name: String, _ arguments: String = "", _ words: String) {
            if isOffered { commands.append(Command(name: name, arguments: arguments, words: words)) }
        }
        offer(capabilities.canAbort && writes && isMigrating, "abort", "", "the running reshard")
        offer(capabilities.canAddMember && writes, "add", "HOST:PORT SHARD", "a node to a shard")
        offer(isControlled, "cut", "HOST:PORT", "off from its peers, or connect it again")
        offer(true, "export", "FILE", "the screen as it is, .svg or .txt")
        offer(
            true, "filter", "TEXT", "show only nodes of that address, condition or shard, and events; nothing ends it")
        offer(capabilities.canLocate, "follow", "KEY", "through a reshard")
        offer(replay == nil, "freeze", "", "the screen, or go on")
        offer(true, "help", "", "the keys that work here")
        offer(isControlled, "kill", "HOST:PORT", "with kill -9")
        offer(true, "mouse", "", "here, or the terminal's own to select text")
        offer(isControlled, "node", "", "one more")
        offer(isControlled, "pause", "HOST:PORT", "or let it go on")
        offer(replay == nil, "poll", "MILLISECONDS", "between polls")
        offer(true, "quit", "", "")
        offer(capabilities.canReshard && writes, "reshard", "SHARDS", "shows the dry run first")
        offer(isControlled, "restart", "HOST:PORT", "a node that ended")
        offer(isControlled, "run", "", "the reshard on without steps")
        offer(true, "sort", SortOrder.allCases.map(\.rawValue).joined(separator: "|"), "the shards and their members")
        offer(isControlled, "step", "", "the reshard: stop before each batch, then one more")
        offer(true, "theme", ThemeName.allCases.map(\.rawValue).joined(separator: "|"), "of the screen")
        offer(isControlled, "traffic", "", "of clients, on or off")
        offer(capabilities.canLocate, "where", "KEY", "is it")
        return commands
    }

    /// The commands that what is typed may become.
    func completions(of text: String) -> [Command] {
        let name = text.prefix { $0 != " " }
        return commands.filter { name.count == text.count ? $0.name.hasPrefix(name) : $0.name == name }
    }

    mutating func press(_ key: KeyEvent, in prompt: Prompt) -> [Effect] {
        var prompt = prompt
        prompt.problem = nil
        if key != .tab, key != .backTab { prompt.completion = nil }
        switch key {
        case .enter where prompt.line.isMarred: return []
        case .enter:
            overlay = nil
            return prompt.kind == .command ? run(prompt) : []
        case .backspace where prompt.line.isEmpty:
            overlay = nil
            return []
        case .tab where prompt.kind == .command: complete(&prompt, by: 1)
        case .backTab where prompt.kind == .command: complete(&prompt, by: -1)
        case .up where prompt.kind == .command, .down where prompt.kind == .command:
            let place = (prompt.place ?? -1) + (key == .up ? 1 : -1)
            guard place < commandsGiven.count else { return [] }
            prompt.place = place < 0 ? nil : place
            prompt.line.set(place < 0 ? "" : commandsGiven[commandsGiven.count - 1 - place])
        default: guard prompt.line.take(key) else { return [] }
        }
        if prompt.kind == .filter { setFilter(prompt.text) }
        overlay = .prompt(prompt)
        return []
    }

    /// Puts the next of the commands in place of what was typed.
    private func complete(_ prompt: inout Prompt, by step: Int) {
        let typed = prompt.completion?.typed ?? prompt.text
        let candidates = completions(of: typed)
        guard !candidates.isEmpty, !typed.contains(" ") else { return }
        let index = prompt.completion.map { $0.index + step } ?? (step > 0 ? 0 : -1)
        let place = (index % candidates.count + candidates.count) % candidates.count
        prompt.completion = Prompt.Completion(typed: typed, index: place)
        prompt.line.set(candidates[place].name + (candidates[place].arguments.isEmpty ? "" : " "))
    }

    private mutating func run(_ prompt: Prompt) -> [Effect] {
        let words = prompt.text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let name = words.first else { return [] }
        commandsGiven.removeAll { $0 == prompt.text }
        commandsGiven.append(prompt.text)
        if commandsGiven.count > Self.commandsKeptMax { commandsGiven.removeFirst() }
        let argument = words.count > 1 ? words[1].trimmingBlanks : ""
        let matching = commands.filter { $0.name == name }
        guard let command = matching.first ?? (completions(of: name).count == 1 ? completions(of: name).first : nil)
        else { return refuse(prompt, "there is no command '\(name)' here; Tab completes, ? lists the keys") }
        guard command.arguments.isEmpty || !argument.isEmpty || command.name == "filter" else {
            return refuse(prompt, "it is: \(command.name) \(command.arguments)")
        }
        return carryOut(command, argument, prompt) ?? refuse(prompt, "it is: \(command.name) \(command.arguments)")
    }

    private mutating func refuse(_ prompt: Prompt, _ problem: String) -> [Effect] {
        var prompt = prompt
        prompt.problem = problem
        overlay = .prompt(prompt)
        return []
    }

    /// Nil where the argument makes no sense.
    private mutating func carryOut(_ command: Command, _ argument: String, _ prompt: Prompt) -> [Effect]? {
        switch command.name {
        case "abort": openAbort()
        case "add":
            // What follows the address is the id, which may have spaces.
            let parts = argument.split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, NodeAddress(parts[0]) != nil,
                let shard = overview.shards.first(where: { $0.id.text == parts[1] })?.id
            else { return nil }
            overlay = .addMember(AddMemberDialog(address: parts[0], shard: shard, isInAddress: false))
        case "export": return [.export(argument)]
        case "filter": setFilter(argument)
        case "follow":
            if let problem = KeyText.problem(of: argument) { return refuse(prompt, problem) }
            followed = FollowedKey(key: argument, isAsking: true)
            note("following \(argument)")
            return [.locate(key: argument)]
        case "freeze": return toggleFreeze()
        case "help": overlay = .help(filter: "")
        case "kill", "restart", "pause", "cut":
            guard let node = NodeAddress(argument) else { return nil }
            if command.name == "kill" { return [.kill(node)] }
            if command.name == "restart" { return [.restart(node)] }
            if command.name == "cut" {
                return [.isolate(node, isIsolated: !(demo?.isolated.contains(node) ?? false))]
            }
            return [.pause(node, isPaused: !(demo?.paused.contains(node) ?? false))]
        case "node": return [.startNode]
        case "poll":
            guard let milliseconds = UInt64(argument), (100...60_000).contains(milliseconds) else { return nil }
            pollMilliseconds = milliseconds
            return [.poll(everyMilliseconds: milliseconds)]
        case "quit": return [.quit]
        case "reshard":
            guard let count = Int(argument), (1...1_000).contains(count) else { return nil }
            return openReshard(to: count)
        case "mouse": return reduce(.key(.character("m")))
        case "sort":
            guard let order = SortOrder(rawValue: argument) else { return nil }
            sort(by: order)
        case "step": return stepOn()
        case "run": return stepOff()
        case "theme":
            guard let name = ThemeName(rawValue: argument) else { return nil }
            themeName = name
            isThemeChosen = true
        case "traffic": return [.traffic(demo?.traffic == nil)]
        case "where":
            if let problem = KeyText.problem(of: argument) { return refuse(prompt, problem) }
            overlay = .locate(LocateDialog(key: argument, answer: .asking))
            return [.locate(key: argument)]
        default: return nil
        }
        return []
    }
}

/// The key of a request, as somebody typed it.
enum KeyText {
    /// Why no node takes it; nil where one does.
    static func problem(of key: String) -> String? {
        if key.count > keyCharactersMax {
            return "the key is \(Figures.plural(key.count, "character")); \(keyCharactersMax) at most"
        }
        // Few characters may be made of many marks.
        let bytes = key.utf8.count
        return bytes > keyBytesMax
            ? "the key is \(Figures.plural(bytes, "byte")); \(Figures.count(keyBytesMax)) at most" : nil
    }
}
