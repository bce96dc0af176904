import ClusterModel
import TerminalUI

/// One thing that a person can have the dashboard do, by a key, by its name or by a click.
struct Command: Sendable {
    /// A key, and the argument that it stands for if the command takes one.
    struct Key: Sendable {
        var event: KeyEvent
        var argument: String?
    }

    /// The argument that follows the name.
    struct Argument: Sendable {
        /// The form of the argument, as in HOST:PORT.
        var words: String
        /// True if the command makes no sense without its argument.
        var isNeeded = true
        /// The whole arguments that are known, for Tab to go through.
        var values: @Sendable (DashboardModel) -> [String] = { _ in [] }
        /// Why the typed argument is refused; nil if it is fine.
        var problem: @Sendable (String, Features) -> String? = { _, _ in nil }
    }

    /// Whether the command can be given now.
    enum Offer: Equatable, Sendable {
        case offered
        /// The command makes no sense now: nothing shows it, and its keys are free for others.
        case absent
        /// The command would make sense, but cannot be given; the user is told why.
        case refused(String)
    }

    /// The name that is typed after a colon; no other command has it.
    var name: String
    var keys: [Key] = []
    var argument: Argument?
    /// The command's effect, to be read after its name and its argument.
    var words: String
    var offer: @Sendable (DashboardModel) -> Offer = { _ in .offered }
    /// Carries the command out, with the argument that was typed or that its key stands for. Returns nil if the
    /// argument makes no sense; the argument of a key always does.
    var run: @Sendable (inout DashboardModel, String?) -> [Effect]?

    /// The name and the argument, as they are typed.
    var usage: String { argument.map { "\(name) \($0.words)" } ?? name }
}

/// A line of the help: one command, or a few that are learnt together.
struct CommandRow: Sendable {
    enum Group: Sendable { case replay, changing, goals, demo, looking }

    /// A hint in the footer.
    struct Hint: Sendable {
        enum Look: Sendable {
            case usual
            /// A state lasts that the user may have forgotten.
            case standing
            case quiet
        }

        /// Keys with blanks between them; each that is one of the row's keys can be clicked.
        var keys: String
        var words: String
        /// Hints of low priority give way first if the footer is short.
        var priority: Int
        /// The position, counted from the left.
        var place: Int
        var look = Look.usual
    }

    /// The keys as the help shows them.
    var keys: String
    var words: String
    /// More words, for a page that has room for them; the help has not.
    var more = ""
    var group: Group
    var commands: [Command]
    /// The hint in the footer; nil for none.
    var hint: @Sendable (DashboardModel) -> Hint? = { _ in nil }

    func isOffered(in model: DashboardModel) -> Bool { commands.contains { $0.offer(model) == .offered } }
}
