import ClusterModel
import Foundation
import HostSystem
import TerminalUI

/// Runs the dashboard on a source and a screen: polls, keys, effects and frames.
///
/// The first frame comes before any answer. Polls and effects run beside the screen; a frame is drawn when something
/// changed, at most 30 a second.
@MainActor
public final class DashboardRunner {
    /// Why the dashboard ended.
    public enum ExitReason: Equatable, Sendable {
        case quit
        /// A signal asked for it; the number is the signal's.
        case signal(Int32)
        case terminalLost
        case cancelled
    }

    private static let frameMilliseconds: UInt64 = 33
    /// The time between frames while something moves by itself; together with the drawing about 20 frames a second.
    private static let animationMilliseconds: UInt64 = 40

    let source: any ClusterSource
    let screen: any Screen
    private let isASCII: Bool
    let controls: (any DemoControls)?
    let recorder: Recorder?
    let alerting: Alerting
    /// Nil if a live cluster is watched.
    let replay: ReplayPlayer?
    /// The model's clock, since 1970.
    let nowMilliseconds: () -> UInt64
    var model: DashboardModel
    var meter = OwnCostMeter()
    private var needsFrame = true
    /// The frame on the screen, in which a click finds its target.
    private var shown: Canvas?
    private var exit: ExitReason?
    private var wakeUp: CheckedContinuation<Void, Never>?
    var poller: Task<Void, Never>?
    private var animation: Task<Void, Never>?
    /// The number of operations that the user started and that have not ended.
    var operations = 0
    var tasks: [UUID: Task<Void, Never>] = [:]
    private let wallMilliseconds: () -> UInt64
    /// How far the wall clock is ahead of the model's clock, which does not follow when somebody sets the wall clock.
    private var leapSeconds = 0

    /// - Parameters:
    ///   - recorder: keeps everything that the screen is made of.
    ///   - alerting: how a change of the verdict is announced.
    ///   - nowMilliseconds: a clock that is never set, since 1970.
    ///   - wallMilliseconds: the clock that times of day are told by, since 1970.
    public init(
        source: any ClusterSource, screen: any Screen, isASCII: Bool, theme: ThemeName = .dark,
        isThemeChosen: Bool = true, name: String,
        isReadOnly: Bool = false, pollMilliseconds: UInt64 = 1_000, hasMouse: Bool = true,
        isPresenting: Bool = false, controls: (any DemoControls)? = nil, recorder: Recorder? = nil,
        alerting: Alerting = Alerting(),
        nowMilliseconds: @escaping () -> UInt64 = { SteadyClock.shared.nowMilliseconds },
        wallMilliseconds: @escaping () -> UInt64 = SteadyClock.wallMilliseconds
    ) {
        self.controls = controls
        self.recorder = recorder
        self.alerting = alerting
        self.nowMilliseconds = nowMilliseconds
        self.wallMilliseconds = wallMilliseconds
        replay = nil
        self.source = source
        self.screen = screen
        self.isASCII = isASCII
        model = DashboardModel(name: name, isReadOnly: isReadOnly)
        model.themeName = theme
        model.isThemeChosen = isThemeChosen
        model.pollMilliseconds = pollMilliseconds
        model.hasMouse = hasMouse
        model.isPresenting = isPresenting
        model.isRecording = recorder != nil
    }

    /// Runs the dashboard on a recording, by the recording's clock.
    public init(
        replay: ReplayPlayer, screen: any Screen, isASCII: Bool, theme: ThemeName = .dark, isThemeChosen: Bool = true,
        hasMouse: Bool = true, isPresenting: Bool = false
    ) {
        controls = nil
        recorder = nil
        alerting = Alerting()
        self.replay = replay
        nowMilliseconds = { replay.nowMilliseconds }
        wallMilliseconds = nowMilliseconds
        source = RecordedCluster()
        self.screen = screen
        self.isASCII = isASCII
        model = DashboardModel(name: replay.name, isReadOnly: true)
        model.themeName = theme
        model.isThemeChosen = isThemeChosen
        model.hasMouse = hasMouse
        model.isPresenting = isPresenting
    }

    /// The user's view settings; set them before the dashboard runs, and read them afterwards.
    public var view: ViewChoice {
        get { model.viewChoice }
        set { model.take(newValue) }
    }

    /// Returns when the user quits, a signal comes, the terminal goes, or the task is cancelled. The caller gives the
    /// terminal back.
    public func run() async -> ExitReason {
        screen.setMouse(model.hasMouse)
        tick()
        if let note = replay?.note { model.note(note, isProblem: true) }
        draw()
        let keys = Task { @MainActor [weak self, inputs = screen.inputs] in
            for await input in inputs { self?.take(input) }
            self?.end(.terminalLost)
        }
        let ticks = Task { @MainActor [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
                self?.tick()
            }
        }
        let recording = Task { @MainActor [weak self, recorder] in
            guard let recorder else { return }
            for await problem in recorder.problems { self?.feed(.recordingEnded(problem)) }
        }
        startPolling()
        await withTaskCancellationHandler {
            while exit == nil {
                await waitForChange()
                draw()
                try? await Task.sleep(for: .milliseconds(Self.frameMilliseconds))
            }
        } onCancel: {
            Task { @MainActor in self.end(.cancelled) }
        }
        keys.cancel()
        ticks.cancel()
        recording.cancel()
        poller?.cancel()
        animation?.cancel()
        for task in tasks.values { task.cancel() }
        return exit ?? .quit
    }

    func end(_ reason: ExitReason) {
        if exit == nil { exit = reason }
        change()
    }

    // MARK: Frames

    private func waitForChange() async {
        if needsFrame || exit != nil { return }
        await withCheckedContinuation { wakeUp = $0 }
    }

    private func change() {
        needsFrame = true
        wakeUp?.resume()
        wakeUp = nil
    }

    private func draw() {
        needsFrame = false
        followWallClock()
        let canvas = drawing().canvas(screen.size)
        shown = canvas
        screen.present(canvas)
        // Only the frame knows how far a list can be scrolled, so it tells the model.
        let overflow = canvas.overflow.compactMap { target, lines in (target.value as? Place).map { ($0, lines) } }
        _ = model.reduce(.drawn(overflow: Dictionary(overflow) { first, _ in first }))
    }

    func drawing() -> Drawing {
        let theme = Theme.named(model.themeName, depth: screen.depth, isASCII: isASCII)
        return Drawing(model, theme: theme, timeOfDay: TimeOfDay(.autoupdatingCurrent, leapSeconds: leapSeconds))
    }

    /// Follows only leaps of the wall clock, as two clocks are never in step to the millisecond.
    private func followWallClock() {
        let ahead = Double(wallMilliseconds()) - Double(nowMilliseconds())
        if abs(ahead - Double(leapSeconds) * 1_000) > 1_000 { leapSeconds = Int((ahead / 1_000).rounded()) }
    }

    /// Tells the model the time. Time alone changes the screen only if it shows an age or a running change.
    private func tick() {
        if let replay { return feed(.replayed(replay.moment())) }
        feed(.tick(milliseconds: nowMilliseconds()))
    }

    // MARK: Actions

    private func take(_ input: ScreenInput) {
        switch input {
        case .key(let key): feed(.key(key))
        case .paste(let paste): feed(.pasted(paste))
        case .unreadable: feed(.unreadable)
        case .background(let rgb): feed(.ground(isLight: Luminance(rgb).isLight))
        case .mouse(let event):
            feed(.mouse(event.kind, shown?.target(x: event.x, y: event.y)?.value as? Place))
        case .resized, .resumed:
            screen.invalidate()
            change()
        case .suspend: suspend()
        case .terminate(let signal): end(.signal(signal))
        case .lost: end(.terminalLost)
        }
    }

    func suspend() {
        screen.suspend()
        screen.invalidate()
        change()
    }

    func feed(_ action: Action) {
        if case .readBack(let operation, let check) = action { record(readBack: operation, check) }
        for effect in model.reduce(action) { carryOut(effect) }
        if model.isAnimated, animation == nil { animate() }
        change()
    }

    /// Draws frames for as long as something moves by itself.
    private func animate() {
        animation = Task { [weak self] in
            var next = ContinuousClock.now
            while let self, !Task.isCancelled, self.model.isAnimated {
                // If drawing took longer than a frame, the missed frames are not made up for.
                next = max(next + .milliseconds(Self.animationMilliseconds), .now)
                try? await Task.sleep(until: next, clock: .continuous)
                self.tick()
            }
            self?.animation = nil
        }
    }
}
