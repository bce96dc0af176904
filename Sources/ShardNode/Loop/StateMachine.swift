import ShardCore

/// The machine that a node runs: events in, directives out. It is the ``Replica``; tests put simpler ones in its place.
protocol StateMachine {
    mutating func handle(_ event: Event, now: Instant) -> [Directive]
    /// All nodes that it knows and that no operator took out of the view, itself included.
    var clusterNodes: [NodeAddress] { get }
    /// The members of a shard that it hears nothing of.
    func silentMembers(of shard: Int) -> [NodeAddress]
}

extension Replica: StateMachine {}
