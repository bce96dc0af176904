/// One node's part of the store, as a pure state machine: events in, directives out.
public struct Replica: Sendable {
    public init(configuration: ReplicaConfiguration, now: Instant) { fatalError("not written yet") }

    /// Takes in one event. Calls to this are the only way that anything changes.
    public mutating func handle(_ event: Event, now: Instant) -> [Directive] { fatalError("not written yet") }
}
