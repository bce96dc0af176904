import ShardCore

/// Chooses the change of the layout to show, among those that several nodes tell of.
enum ReshardChoice {
    /// Prefers a later change to an earlier, a running one to a finished one, the coordinator's word to a
    /// participant's, and of participants the furthest.
    static func furthest(_ told: [(node: NodeAddress, progress: ReshardProgress)]) -> ReshardProgress? {
        told.max { isBehind($0, $1) }?.progress
    }

    private static func isBehind(
        _ left: (node: NodeAddress, progress: ReshardProgress), _ right: (node: NodeAddress, progress: ReshardProgress)
    ) -> Bool {
        if left.progress.operation != right.progress.operation {
            return rank(left.progress).lexicographicallyPrecedes(rank(right.progress))
                || rank(left.progress) == rank(right.progress) && left.progress.operation < right.progress.operation
        }
        let leftLeads = left.node == left.progress.coordinator
        let rightLeads = right.node == right.progress.coordinator
        if leftLeads != rightLeads { return rightLeads }
        if left.progress.phase != right.progress.phase { return left.progress.phase < right.progress.phase }
        if left.progress.lastProgressMilliseconds != right.progress.lastProgressMilliseconds {
            return left.progress.lastProgressMilliseconds < right.progress.lastProgressMilliseconds
        }
        return left.node < right.node
    }

    /// The place of a change among others, as numbers of which the first that differ decide.
    ///
    /// A change that some node knows to be over is over, even if others have not heard of that yet. One that failed
    /// left the layout as it was, so any change to a later layout came after it, however high the number was that the
    /// failed one would have given its own: a forced layout's is above all others.
    private static func rank(_ progress: ReshardProgress) -> [UInt64] {
        let hasFailed = progress.phase.isEnd && progress.phase != .done
        return [
            hasFailed ? progress.fromEpoch : progress.toEpoch, hasFailed ? 1 : 0, progress.phase.isEnd ? 0 : 1,
            progress.startedMilliseconds,
        ]
    }
}
