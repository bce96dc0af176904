import ClusterModel
import TerminalUI
import Wording

/// A line of text being typed at the foot of the screen.
public struct Prompt: Equatable, Sendable {
    public enum Kind: Equatable, Sendable { case filter, command }

    public var kind: Kind
    public var line = TextLine()
    public var text: String { line.text }
    /// The place among the commands given before, counted from the last; nil while a new one is typed.
    var place: Int?
    /// A possible completion of the typed text, and the whole line with it.
    struct Candidate: Equatable, Sendable {
        var shown: String
        var line: String
    }
    /// The state of completion by Tab: the text as it was typed, and the index of the candidate that is shown.
    struct Completion: Equatable, Sendable {
        var typed: String
        var index: Int
    }
    var completion: Completion?
    /// Why the command was not carried out.
    public var problem: String?
}

extension DashboardModel {
    static let commandsKeptMax = 100

    /// The commands that can be given now.
    var commands: [Command] { CommandTable.commands.filter { $0.offer(self) == .offered } }

    /// The command with this name, or the only one whose name begins with it.
    func command(meantBy name: some StringProtocol) -> Command? {
        // The full name of a refused command means that command, and no other that begins the same way.
        guard reason(against: String(name)) == nil else { return nil }
        let beginning = commands.filter { $0.name.hasPrefix(name) }
        return beginning.first { $0.name == name } ?? (beginning.count == 1 ? beginning.first : nil)
    }

    /// The possible completions of the typed text: the names of commands or, after a name, its arguments.
    func completions(of text: String) -> [Prompt.Candidate] {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            return commands.filter { $0.name.hasPrefix(text) }.map {
                Prompt.Candidate(shown: $0.name, line: $0.name + ($0.argument == nil ? "" : " "))
            }
        }
        guard let command = command(meantBy: parts[0]), let argument = command.argument else { return [] }
        return argument.values(self).filter { $0.hasPrefix(parts[1]) }.map {
            Prompt.Candidate(shown: $0, line: "\(command.name) \($0)")
        }
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

    /// Puts the next candidate in place of the typed text.
    private func complete(_ prompt: inout Prompt, by step: Int) {
        // The only candidate is already in the line, so its argument is completed next.
        if let typed = prompt.completion?.typed, completions(of: typed).count < 2 { prompt.completion = nil }
        let typed = prompt.completion?.typed ?? prompt.text
        let candidates = completions(of: typed)
        guard !candidates.isEmpty else { return }
        let index = prompt.completion.map { $0.index + step } ?? (step > 0 ? 0 : -1)
        let place = (index % candidates.count + candidates.count) % candidates.count
        prompt.completion = Prompt.Completion(typed: typed, index: place)
        prompt.line.set(candidates[place].line)
    }

    private mutating func run(_ prompt: Prompt) -> [Effect] {
        let words = prompt.text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let name = words.first else { return [] }
        commandsGiven.removeAll { $0 == prompt.text }
        commandsGiven.append(prompt.text)
        if commandsGiven.count > Self.commandsKeptMax { commandsGiven.removeFirst() }
        let typed = words.count > 1 ? words[1].trimmingBlanks : ""
        guard let command = command(meantBy: name) else { return refuse(prompt, whyNone(name)) }
        guard let argument = command.argument else { return command.run(&self, nil) ?? [] }
        if let problem = argument.problem(typed, features) { return refuse(prompt, problem) }
        guard !typed.isEmpty || !argument.isNeeded, let effects = command.run(&self, typed) else {
            return refuse(prompt, "it is: \(command.usage)")
        }
        return effects
    }

    /// Why the command of that name is refused; nil if it is not.
    func reason(against name: String) -> String? {
        if case .refused(let reason)? = CommandTable.command(named: name)?.offer(self) { reason } else { nil }
    }

    /// Why no command can be meant by that name.
    private func whyNone(_ name: String) -> String {
        if let reason = reason(against: name) { return reason }
        let several = commands.filter { $0.name.hasPrefix(name) }.map(\.name)
        return several.isEmpty
            ? "there is no command '\(name)' here; Tab completes, ? lists the keys"
            : "'\(name)' may be \(several.joined(separator: ", ")); Tab completes"
    }

    private mutating func refuse(_ prompt: Prompt, _ problem: String) -> [Effect] {
        var prompt = prompt
        prompt.problem = problem
        overlay = .prompt(prompt)
        return []
    }
}

/// Checks the key of a request as the user typed it.
enum KeyText {
    /// Why no node accepts the key; nil if it is fine.
    static func problem(of key: String, _ features: Features) -> String? {
        if let most = features.keyCharactersMax, key.count > most {
            return "the key is \(Figures.plural(key.count, "character")); \(most) at most"
        }
        // A few characters may be made of many combining marks.
        let bytes = key.utf8.count
        guard let most = features.keyBytesMax, bytes > most else { return nil }
        return "the key is \(Figures.plural(bytes, "byte")); \(Figures.count(most)) at most"
    }
}
