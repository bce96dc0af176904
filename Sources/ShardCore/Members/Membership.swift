/// Who is there besides this node, what operators decided about nodes, and how this one is heard of.
struct Membership: Sendable {
    var peers = Peers()
    var decisions: Decisions
    var heartbeats = Heartbeats()

    init(_ now: Instant) { decisions = Decisions(now) }
}
