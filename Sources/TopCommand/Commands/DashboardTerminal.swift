import ArgumentParser
import ClusterModel
import Dashboard
import Foundation
import TerminalUI

/// The dashboard on the terminal of this process.
enum DashboardTerminal {
    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Says before anything is started what would keep the dashboard from the screen, and waits until the terminal is this
    /// job's.
    static func prepare() throws {
        try check()
        do { try Terminal.awaitForeground() } catch { throw Failure(.usage, "\(error)") }
    }

    static func check(isTerminal: Bool = isTerminal, term: String? = ProcessInfo.processInfo.environment["TERM"]) throws
    {
        guard isTerminal else {
            throw Failure(
                .usage, "the dashboard needs a terminal for input and output; 'shardtop status' prints plain lines")
        }
        if let problem = TerminalKind(term ?? "").problem { throw Failure(.usage, problem) }
    }

    /// Shows the dashboard until the user leaves it; the terminal is given back before this returns.
    ///
    /// - Parameters:
    ///   - name: what is watched, for the header.
    ///   - isReadOnly: offers nothing that changes the cluster.
    ///   - alerting: who is called when the verdict changes.
    ///   - plan: a script that uses it; nil for a person alone.
    @MainActor
    static func open(
        _ source: any ClusterSource, name: String, look: DashboardLook = DashboardLook(),
        isReadOnly: Bool = false, controls: (any DemoControls)? = nil, recorder: Recorder? = nil,
        alerting: Alerting = Alerting(), plan: ScriptOptions.Plan? = nil
    ) async throws {
        try await show(look, plan) { screen, theme in
            DashboardRunner(
                source: source, screen: screen, isASCII: look.isASCII || !Terminal.hasUnicode(), theme: theme,
                isThemeChosen: look.theme != nil || theme == .mono, name: name, isReadOnly: isReadOnly,
                pollMilliseconds: look.pollMilliseconds, hasMouse: look.hasMouse,
                isPresenting: look.isPresenting, controls: controls, recorder: recorder, alerting: alerting)
        }
    }

    /// Plays a recording until the user leaves it.
    @MainActor
    static func play(_ recording: Recording, look: DashboardLook, plan: ScriptOptions.Plan? = nil) async throws {
        try await show(look, plan) { screen, theme in
            DashboardRunner(
                replay: ReplayPlayer(recording), screen: screen, isASCII: look.isASCII || !Terminal.hasUnicode(),
                theme: theme, isThemeChosen: look.theme != nil || theme == .mono, hasMouse: look.hasMouse,
                isPresenting: look.isPresenting)
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
        let theme = await theme(look, terminal)
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
            let memory = ViewMemory(isKept: look.remembersView)
            let before = memory.load()
            let runner = runner(terminal, theme)
            runner.view = before
            reason = await runner.run()
            memory.save(runner.view, before: before)
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

extension DashboardTerminal {
    /// A frame in colours for another ground would flash, and nearly every terminal answers at once. One that does not is
    /// waited for no longer than is not yet seen as a slow start; an answer that comes later changes the theme then.
    private static let answerPatience = Duration.milliseconds(40)

    @MainActor
    private static func theme(_ look: DashboardLook, _ terminal: Terminal?) async -> ThemeName {
        // Where nothing can be coloured, bold and underline say what colours would.
        if terminal?.depth == ColorDepth.none { return .mono }
        if let chosen = look.theme { return chosen }
        let background = await terminal?.background(within: answerPatience)
        return .suited(background: background, colorFgBg: ProcessInfo.processInfo.environment["COLORFGBG"])
    }
}

extension ThemeName: ExpressibleByArgument {}
