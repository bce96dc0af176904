/// The course of a graceful stop.
struct Drain: Sendable {
    /// The time at which it goes, whatever is left; nil while nobody has asked.
    private(set) var deadlineMicroseconds: UInt64?
    private(set) var hasEnded = false
    /// True if the node was whole when it stopped: its disk must say so.
    private(set) var endedWhole = false

    private static let drainMicroseconds: UInt64 = 4_000_000

    var hasBegun: Bool { deadlineMicroseconds != nil }

    mutating func begin(_ now: Instant) {
        assert(!hasBegun, "a stop begins once")
        deadlineMicroseconds = now.monotonicMicroseconds + Self.drainMicroseconds
    }

    mutating func end(isWhole: Bool) {
        assert(hasBegun && !hasEnded, "a stop ends once, and not before it began")
        (hasEnded, endedWhole) = (true, isWhole)
    }
}

/// A graceful stop.
extension Replica {
    mutating func drain() {
        guard !draining.hasBegun else { return }
        draining.begin(now)
        flushReplication()
        advanceDrain()
    }

    /// Goes once every request has its answer and every live member has this node's writes, or time is up.
    mutating func advanceDrain() {
        guard let deadline = draining.deadlineMicroseconds, !draining.hasEnded else { return }
        let origin = ownOrigin
        let isPassedOn = shardPeers.allSatisfy { node in
            !isUp(node) || peers[node]?.epoch != layout.epoch || (peers[node]?.said.vector[origin] ?? 0) >= counter
        }
        let isTimeOver = now.monotonicMicroseconds >= deadline
        guard isTimeOver || (isPassedOn && requests.open.isEmpty && coordinator == nil && late.handOns.isEmpty) else {
            return
        }
        if isTimeOver, !isPassedOn {
            note(.stopsWithUnconfirmedWrites)
        }
        for id in requests.open.ids { finish(id, .refused(.stopping)) }
        draining.end(isWhole: isWhole)
        state = .stopping
        for node in peerAddresses where isUp(node) { send(.leaving, to: node) }
        outbox.sayDrained()
    }
}
