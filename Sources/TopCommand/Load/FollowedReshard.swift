import ShardClient
import ShardCore
import Synchronization

/// Starts a reshard and tells its phases while it runs.
enum FollowedReshard {
    private static let pollInterval = Duration.milliseconds(80)

    /// Ends with the reshard: with its last progress, as far as a node tells of it, or with the reason why not.
    static func run(
        _ source: PollingSource, shardCount: Int, force: Bool = false,
        tell: @escaping @Sendable (ReshardProgress) -> Void
    ) async throws -> ReshardProgress? {
        let before = await source.snapshot().reshard?.operation
        let teller = Task {
            while !Task.isCancelled {
                if let progress = await source.snapshot().reshard, progress.operation != before { tell(progress) }
                try? await Task.sleep(for: pollInterval)
            }
        }
        do {
            try await withTaskCancellationHandler {
                try await source.reshard(shardCount: shardCount, force: force)
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
        let last = await source.snapshot().reshard
        guard let last, last.operation != before else { return nil }
        tell(last)
        return last
    }
}
