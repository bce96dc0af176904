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
    /// - Parameters:
    ///   - name: what is watched, for the header.
    ///   - isReadOnly: offers nothing that changes the cluster.
    ///   - plan: a script that uses it; nil for a person alone.
    @MainActor
    static func open(
        _ source: any ClusterSource, name: String, look: DashboardLook = DashboardLook(),
        isReadOnly: Bool = false, controls: (any DemoControls)? = nil, recorder: Recorder? = nil,
        plan: ScriptOptions.Plan? = nil
    ) async throws {
        try await show(look, plan) { screen, theme in
            DashboardRunner(
                source: source, screen: screen, isASCII: look.isASCII || !Terminal.hasUnicode(), theme: theme,
                name: name, isReadOnly: isReadOnly, pollMilliseconds: look.pollMilliseconds, hasMouse: look.hasMouse,
                controls: controls,
                recorder: recorder)
        }
    }

    /// Plays a recording until the user leaves it.
    @MainActor
    static func play(_ recording: Recording, look: DashboardLook, plan: ScriptOptions.Plan? = nil) async throws {
        try await show(look, plan) { screen, theme in
            DashboardRunner(
                replay: ReplayPlayer(recording), screen: screen, isASCII: look.isASCII || !Terminal.hasUnicode(),
                theme: theme, hasMouse: look.hasMouse)
        }
    }

    @MainActor
    private static func show(
        _ look: DashboardLook, _ plan: ScriptOptions.Plan?, _ runner: (any Screen, ThemeName) -> DashboardRunner
    ) async throws {
        let terminal = plan?.size == nil ? Terminal() : nil
        do {
            try terminal?.start(noColor: false)
        } catch {
            throw Failure(.usage, "\(error)")
        }
        // Where nothing can be coloured, bold and underline say what colours would.
        let theme = terminal?.depth == ColorDepth.none ? .mono : look.theme
        let reason: DashboardRunner.ExitReason
        var problem: ScriptRun.Failure?
        if let plan {
            let screen = ScriptedScreen(on: terminal, size: plan.size ?? Size(width: 0, height: 0))
            let script = Task { @MainActor () -> ScriptRun.Failure? in
                do {
                    try await ScriptRun(script: plan.script, screen: screen, theme: theme).run()
                } catch {
                    guard let failure = error as? ScriptRun.Failure else { return nil }
                    screen.press(.control("c"))
                    return failure
                }
                if screen.isHeadless { screen.press(.control("c")) }
                return nil
            }
            reason = await runner(screen, theme).run()
            script.cancel()
            problem = await script.value
        } else if let terminal {
            reason = await runner(terminal, theme).run()
        } else {
            reason = .quit
        }
        terminal?.stop()
        if let problem {
            throw Failure(
                .failed, "the script's line \(problem.line): \(problem.words); the screen was:\n\(problem.screen)")
        }
        switch reason {
        case .quit: return
        case .cancelled: throw CancellationError()
        case .signal(let number): throw ExitCode(128 + number)
        case .terminalLost: throw ExitCode(128 + SIGHUP)
        }
    }
}

extension ThemeName: ExpressibleByArgument {}
