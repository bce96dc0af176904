/// This node's cluster, the other nodes, the decisions of operators about them, and this node's heartbeats.
struct Membership: Sendable {
    var peers = Peers()
    var decisions: Decisions
    var heartbeats = Heartbeats()
    var identity: Identity
    var own: OwnStart
    var refused = RefusedMessages()

    init(founding: FoundingSettings?, incarnation: UInt64, draw: UInt64, now: Instant) {
        decisions = Decisions(now)
        identity = Identity(founding: founding, draw: draw)
        own = OwnStart(incarnation: incarnation, draw: draw)
    }
}
