import ClusterModel
import Foundation
import HostSystem

/// Carries out the model's effects, beside the screen.
extension DashboardRunner {
    func carryOut(_ effect: Effect) {
        let source = source
        switch effect {
        case .quit: end(.quit)
        case .suspend: suspend()
        case .poll: startPolling()
        case .plan(let goal):
            start {
                do { return .planned(goal, try await source.plan(goal)) } catch {
                    return .planFailed(goal, error.words)
                }
            }
        case .locate(let key):
            start {
                do { return .located(try await source.locate(key: key)) } catch {
                    return .locateFailed(key: key, error.words)
                }
            }
        case .perform(let goal, let plan): run(effect) { try await source.perform(goal, seen: plan) }
        case .step(let order): run(effect) { try await source.step(order) }
        case .pace(let keys): run(effect) { try await source.setPace(keysPerSecond: keys) }
        case .abort: run(effect) { try await source.abort() }
        case .kill(let node): control(effect) { try await $0.kill(node) }
        case .restart(let node): control(effect) { try await $0.restart(node) }
        case .pause(let node, let isPaused): control(effect) { try await $0.pause(node, isPaused: isPaused) }
        case .isolate(let node, let isIsolated): control(effect) { try await $0.isolate(node, isIsolated: isIsolated) }
        case .startNode: control(effect) { _ = try await $0.startNode() }
        case .readBack(let operation):
            let controls = controls
            start { .readBack(operation: operation, await controls?.readBack()) }
        case .export(let path): export(to: path)
        case .mouse(let isOn): screen.setMouse(isOn)
        case .alert(let change): alert(change)
        case .traffic(let isOn): control(effect) { await $0.setTraffic(isOn) }
        case .replay(let command): if let replay { feed(.replayed(replay.obey(command))) }
        }
    }

    /// Rings, and runs the command for alerts. Only its failure is told, as the header shows the verdict itself.
    private func alert(_ change: VerdictChange) {
        if alerting.rings { screen.ring() }
        guard let run = alerting.run else { return }
        let environment = change.environment(cluster: model.name)
        start {
            do {
                try await run(environment)
                return .ended(.alert(change), problem: nil)
            } catch {
                return .ended(.alert(change), problem: error.words)
            }
        }
    }

    private func export(to path: String) {
        let (canvas, theme) = (drawing().canvas(screen.size), model.themeName)
        run(.export(path)) { try CanvasFile.write(canvas, theme: theme, to: path, isReplacing: false) }
    }

    private func control(_ effect: Effect, _ body: @escaping @Sendable (any DemoControls) async throws -> Void) {
        guard let controls else { return }
        run(effect) { try await body(controls) }
    }

    /// Runs an operation that the user started; its end goes into the log, and the next poll comes at once.
    private func run(_ effect: Effect, _ body: @escaping @Sendable () async throws -> Void) {
        operations += 1
        start {
            do {
                try await body()
                return .ended(effect, problem: nil)
            } catch {
                return .ended(effect, problem: error.words)
            }
        }
        startPolling()
    }

    private func start(_ body: @escaping @Sendable () async -> Action) {
        let id = UUID()
        tasks[id] = Task { [weak self] in
            let action = await body()
            self?.tasks[id] = nil
            if case .ended(let effect, _) = action, !effect.isAlert { self?.operations -= 1 }
            self?.feed(action)
        }
    }
}
