import ShardCore

/// Chooses the change of the layout to show, among those that several nodes tell of.
enum ReshardChoice {
    /// Prefers a running change to a finished one, a later one to an earlier, the coordinator's word to a
    /// participant's, and of participants the furthest.
    static func furthest(_ told: [(node: NodeAddress, progress: ReshardProgress)]) -> ReshardProgress? {
        told.max { isBehind($0, $1) }?.progress
    }

    private static func isBehind(
        _ left: (node: NodeAddress, progress: ReshardProgress), _ right: (node: NodeAddress, progress: ReshardProgress)
    ) -> Bool {
        if left.progress.operation != right.progress.operation {
            // A change that some node knows to be over is over, even if others have not heard of that yet.
            if left.progress.toEpoch != right.progress.toEpoch { return left.progress.toEpoch < right.progress.toEpoch }
            if left.progress.phase.isEnd != right.progress.phase.isEnd { return left.progress.phase.isEnd }
            if left.progress.startedMilliseconds != right.progress.startedMilliseconds {
                return left.progress.startedMilliseconds < right.progress.startedMilliseconds
            }
            return left.progress.operation < right.progress.operation
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
}
