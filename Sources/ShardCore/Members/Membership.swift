/// Which cluster this node belongs to, the other nodes, the decisions of operators about them, and this node's heartbeats.
struct Membership: Sendable {
    var peers = Peers()
    var decisions: Decisions
    var heartbeats = Heartbeats()
    var identity: Identity
    var own: OwnStart
    var refused = RefusedMessages()

    init(_ configuration: ReplicaConfiguration, _ now: Instant) {
        decisions = Decisions(now)
        identity = Identity(founding: configuration.founding, draw: configuration.draw)
        own = OwnStart(incarnation: configuration.incarnation, draw: configuration.draw)
    }
}
