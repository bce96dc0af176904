import Foundation
import ShardWire

/// The dashboard on the terminal of this process.
enum DashboardTerminal {
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Says before anything is started what would keep the dashboard from the screen.
    static func check(isTerminal: Bool = isTerminal, term: String? = ProcessInfo.processInfo.environment["TERM"]) throws
    {
        guard isTerminal else {
            throw Failure(
                .usage, "the dashboard needs a terminal for input and output; 'shardtop status' prints plain lines")
        }
        guard let term, !term.isEmpty, term != "dumb" else {
            throw Failure(
                .usage,
                "TERM is '\(term ?? "")': such a terminal cannot place text; set TERM, for example to xterm-256color")
        }
    }

    /// Shows the dashboard until the user leaves it.
    static func open(_ source: any ClusterSource) async throws {
        throw Failure(.failed, "this build has no dashboard")
    }
}
