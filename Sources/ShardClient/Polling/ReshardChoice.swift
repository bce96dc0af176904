import ShardCore

/// Picks, of what several nodes tell of changes of the layout, the one to show.
enum ReshardChoice {
    /// A running change before a finished one, a later one before an earlier, the coordinator's word before a
    /// participant's, and of participants the one that is furthest.
    static func furthest(_ told: [(node: NodeAddress, progress: ReshardProgress)]) -> ReshardProgress? {
        told.max { isBehind($0, $1) }?.progress
    }

    private static func isBehind(
        _ left: (node: NodeAddress, progress: ReshardProgress), _ right: (node: NodeAddress, progress: ReshardProgress)
    ) -> Bool {
        if left.progress.operation != right.progress.operation {
            // A change that some node knows to be over is over, whoever has not heard of it yet.
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
