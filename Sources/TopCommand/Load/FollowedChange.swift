import ClusterModel
import Synchronization

/// Starts a change and tells its stages while it runs.
enum FollowedChange {
    private static let pollInterval = Duration.milliseconds(80)

    /// Ends with the change: with its last progress, as far as a node tells of it, or with the reason why not.
    static func run(
        _ source: any ClusterSource, _ goal: Goal, seen plan: Plan? = nil, tell: @escaping @Sendable (Change) -> Void
    ) async throws -> Change? {
        let before = await source.snapshot().change?.id
        let teller = Task {
            while !Task.isCancelled {
                if let change = await source.snapshot().change, change.id != before { tell(change) }
                try? await Task.sleep(for: pollInterval)
            }
        }
        do {
            try await withTaskCancellationHandler {
                try await source.perform(goal, seen: plan)
            } onCancel: {
                teller.cancel()
            }
        } catch {
            teller.cancel()
            await teller.value
            throw error
        }
        teller.cancel()
        await teller.value
        let last = await source.snapshot().change
        guard let last, last.id != before else { return nil }
        tell(last)
        return last
    }
}
