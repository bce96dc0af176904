import ArgumentParser
import Dashboard
import Foundation
import ShardWire
import TerminalUI

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

    /// Shows the dashboard until the user leaves it; the terminal is given back before this returns.
    ///
    /// - Parameter name: what is watched, for the header.
    @MainActor
    static func open(
        _ source: any ClusterSource, name: String, isASCII: Bool = false, controls: (any DemoControls)? = nil
    ) async throws {
        let terminal = Terminal()
        do {
            try terminal.start(noColor: false)
        } catch {
            throw Failure(.usage, "\(error)")
        }
        let theme = Theme.standard(isASCII: isASCII || !Terminal.hasUnicode())
        let runner = DashboardRunner(source: source, screen: terminal, theme: theme, name: name, controls: controls)
        let reason = await runner.run()
        terminal.stop()
        switch reason {
        case .quit: return
        case .cancelled: throw CancellationError()
        case .signal(let number): throw ExitCode(128 + number)
        case .terminalLost: throw ExitCode(128 + SIGHUP)
        }
    }
}
