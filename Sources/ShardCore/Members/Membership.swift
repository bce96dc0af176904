/// The other nodes, the decisions of operators about them, and this node's heartbeats.
struct Membership: Sendable {
    var peers = Peers()
    var decisions: Decisions
    var heartbeats = Heartbeats()

    init(_ now: Instant) { decisions = Decisions(now) }
}
