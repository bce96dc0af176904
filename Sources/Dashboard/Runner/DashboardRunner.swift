import Foundation
import ShardWire
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
    /// Between frames while something moves by itself: 20 a second.
    private static let animationMilliseconds: UInt64 = 50
    /// How often the nodes are asked while something moves.
    private static let migrationPollMilliseconds: UInt64 = 120

    private let source: any ClusterSource
    private let screen: any Screen
    private let theme: Theme
    private let controls: (any DemoControls)?
    private var model: DashboardModel
    private var needsFrame = true
    private var exit: ExitReason?
    private var wakeUp: CheckedContinuation<Void, Never>?
    private var poller: Task<Void, Never>?
    private var animation: Task<Void, Never>?
    /// What the user started and what has not ended.
    private var operations = 0
    private var tasks: [UUID: Task<Void, Never>] = [:]
    private let clockOffsetSeconds = TimeZone.current.secondsFromGMT()

    public init(
        source: any ClusterSource, screen: any Screen, theme: Theme, name: String, isReadOnly: Bool = false,
        controls: (any DemoControls)? = nil
    ) {
        self.controls = controls
        self.source = source
        self.screen = screen
        self.theme = theme
        model = DashboardModel(name: name, isReadOnly: isReadOnly)
    }

    /// Returns when the user quits, a signal comes, the terminal goes, or the task is cancelled. The caller gives the
    /// terminal back.
    public func run() async -> ExitReason {
        _ = model.reduce(.tick(milliseconds: Self.now()))
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
        poller?.cancel()
        animation?.cancel()
        for task in tasks.values { task.cancel() }
        return exit ?? .quit
    }

    private static func now() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970) * 1_000) }

    private func end(_ reason: ExitReason) {
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
        let drawing = Drawing(model, theme: theme, clockOffsetSeconds: clockOffsetSeconds)
        screen.present(drawing.canvas(screen.size))
    }

    /// Time alone changes the screen only where it shows an age or a running change.
    private func tick() { feed(.tick(milliseconds: Self.now())) }

    // MARK: Actions

    private func take(_ input: ScreenInput) {
        switch input {
        case .key(let key): feed(.key(key))
        case .resized, .resumed:
            screen.invalidate()
            change()
        case .suspend:
            screen.suspend()
            screen.invalidate()
            change()
        case .terminate(let signal): end(.signal(signal))
        case .lost: end(.terminalLost)
        }
    }

    private func feed(_ action: Action) {
        for effect in model.reduce(action) { carryOut(effect) }
        if model.isAnimated, animation == nil { animate() }
        change()
    }

    /// Frames for as long as something moves by itself.
    private func animate() {
        animation = Task { [weak self] in
            while let self, !Task.isCancelled, self.model.isAnimated {
                try? await Task.sleep(for: .milliseconds(Self.animationMilliseconds))
                self.tick()
            }
            self?.animation = nil
        }
    }

    private func carryOut(_ effect: Effect) {
        let source = source
        switch effect {
        case .quit: end(.quit)
        case .poll: startPolling()
        case .plan(let count):
            start {
                do {
                    return .planned(shardCount: count, try await source.planReshard(shardCount: count))
                } catch {
                    return .planFailed(shardCount: count, "\(error)")
                }
            }
        case .locate(let key):
            start {
                do { return .located(try await source.locate(key: key)) } catch {
                    return .locateFailed(key: key, "\(error)")
                }
            }
        case .reshard(let count): run(effect) { try await source.reshard(shardCount: count) }
        case .abort: run(effect) { try await source.abortReshard() }
        case .addMember(let node, let shard): run(effect) { try await source.addMember(node, shard: shard) }
        case .kill(let node): control(effect) { try await $0.kill(node) }
        case .restart(let node): control(effect) { try await $0.restart(node) }
        case .pause(let node, let isPaused): control(effect) { try await $0.pause(node, isPaused: isPaused) }
        case .startNode: control(effect) { _ = try await $0.startNode() }
        case .traffic(let isOn): control(effect) { await $0.setTraffic(isOn) }
        }
    }

    private func control(_ effect: Effect, _ body: @escaping @Sendable (any DemoControls) async throws -> Void) {
        guard let controls else { return }
        run(effect) { try await body(controls) }
    }

    /// Runs what the user started; its end goes into the log, and the next poll comes at once.
    private func run(_ effect: Effect, _ body: @escaping @Sendable () async throws -> Void) {
        operations += 1
        start {
            do {
                try await body()
                return .ended(effect, problem: nil)
            } catch {
                return .ended(effect, problem: "\(error)")
            }
        }
        startPolling()
    }

    private func start(_ body: @escaping @Sendable () async -> Action) {
        let id = UUID()
        tasks[id] = Task { [weak self] in
            let action = await body()
            self?.tasks[id] = nil
            if case .ended = action { self?.operations -= 1 }
            self?.feed(action)
        }
    }

    // MARK: Polls

    private func startPolling() {
        poller?.cancel()
        let source = source
        poller = Task { [weak self] in
            while !Task.isCancelled {
                let snapshot = await source.snapshot()
                let capabilities = await source.capabilities
                let events = capabilities.hasEvents ? await source.events() : []
                guard let self else { return }
                // Events come once; a poll that was overtaken still brings them.
                if !events.isEmpty { self.feed(.events(events)) }
                if let demo = await self.controls?.state() { self.feed(.demo(demo)) }
                guard !Task.isCancelled else { return }
                self.feed(.snapshot(snapshot, capabilities))
                try? await Task.sleep(for: .milliseconds(self.pollDelayMilliseconds))
            }
        }
    }

    private var pollDelayMilliseconds: UInt64 {
        let isBusy = model.isMigrating || operations > 0 || model.demo?.loading.map { $0.problem == nil } == true
        return isBusy ? min(Self.migrationPollMilliseconds, model.pollMilliseconds) : model.pollMilliseconds
    }
}
