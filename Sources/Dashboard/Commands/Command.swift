import ClusterModel
import TerminalUI

/// One thing that a person can have the dashboard do, by a key, by its name or by a click.
struct Command: Sendable {
    /// A key, and what it stands for where the command takes an argument.
    struct Key: Sendable {
        var event: KeyEvent
        var argument: String?
    }

    /// What follows the name.
    struct Argument: Sendable {
        /// As in HOST:PORT.
        var words: String
        /// True where the name alone says too little.
        var isNeeded = true
        /// What Tab goes through: whole arguments, of those that are known.
        var values: @Sendable (DashboardModel) -> [String] = { _ in [] }
        /// Why nothing can be done with what was typed; nil where something can.
        var problem: @Sendable (String, Features) -> String? = { _, _ in nil }
    }

    /// Whether it can be given here and now.
    enum Offer: Equatable, Sendable {
        case offered
        /// It makes no sense here: nothing shows it, and its keys are free for others.
        case absent
        /// It would make sense; who gives it is told why it cannot be.
        case refused(String)
    }

    /// As it is typed after a colon; no other command has it.
    var name: String
    var keys: [Key] = []
    var argument: Argument?
    /// What it does, to be read after its name and its argument.
    var words: String
    var offer: @Sendable (DashboardModel) -> Offer = { _ in .offered }
    /// Does it, with the argument that was typed or that its key stands for. Nil where the argument makes no sense; never
    /// for one of its keys.
    var run: @Sendable (inout DashboardModel, String?) -> [Effect]?

    /// The name and its argument, as it is typed.
    var usage: String { argument.map { "\(name) \($0.words)" } ?? name }
}

/// A line of the help: one command, or a few that are learnt together.
struct CommandRow: Sendable {
    enum Group: Sendable { case replay, changing, goals, demo, looking }

    /// A hint in the footer.
    struct Hint: Sendable {
        enum Look: Sendable {
            case usual
            /// Something holds that the user may have forgotten.
            case standing
            case quiet
        }

        /// Parts with blanks between them; each that is one of the row's keys can be clicked.
        var keys: String
        var words: String
        /// Those of a low one give way first where the footer is short.
        var priority: Int
        /// From the left.
        var place: Int
        var look = Look.usual
    }

    /// As the help shows them.
    var keys: String
    var words: String
    /// What a page has room for, and the help has not.
    var more = ""
    var group: Group
    var commands: [Command]
    /// Nil where the footer says nothing of it.
    var hint: @Sendable (DashboardModel) -> Hint? = { _ in nil }

    func isOffered(in model: DashboardModel) -> Bool { commands.contains { $0.offer(model) == .offered } }
}
