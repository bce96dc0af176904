import ShardCore

/// What the node runs: events in, directives out. It is the ``Replica``; tests put simpler ones in its place.
protocol StateMachine {
    mutating func handle(_ event: Event, now: Instant) -> [Directive]
}

extension Replica: StateMachine {}
