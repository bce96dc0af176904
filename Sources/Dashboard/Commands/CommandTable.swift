import ClusterModel
import TerminalUI

/// All commands of the dashboard, each defined once: keys, help, footer, prompt and the README's tables of keys are
/// made from them.
enum CommandTable {
    /// In the order of the help.
    static let rows = replay + changing + goals + asking + demo + table + looking

    /// In the order of their names.
    static let commands = rows.flatMap(\.commands).sorted { $0.name < $1.name }

    private static let bindings = commands.reduce(into: [KeyEvent: [Binding]]()) { bindings, command in
        for key in command.keys { bindings[key.event, default: []].append(Binding(command: command, key: key)) }
    }

    /// A command, and the key that it was given by.
    struct Binding: Sendable {
        var command: Command
        var key: Command.Key
    }

    /// The command that a key gives now: at most one is offered; if none is, one that says why it is refused.
    static func binding(of key: KeyEvent, in model: DashboardModel) -> Binding? {
        let bound = bindings[key] ?? []
        return bound.first { $0.command.offer(model) == .offered } ?? bound.first { $0.command.offer(model) != .absent }
    }

    static func command(named name: some StringProtocol) -> Command? { commands.first { $0.name == name } }
}

extension KeyEvent {
    /// The name of the key in help and footer.
    var words: String {
        switch self {
        case .character(" "): "space"
        case .character(let character): String(character)
        case .control(let letter): "Ctrl-\(letter.uppercased())"
        case .up: "up"
        case .down: "down"
        case .left: "left"
        case .right: "right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .function(let number): "F\(number)"
        }
    }
}
