/// A graceful stop.
extension Replica {
    private static let drainMilliseconds: UInt64 = 4_000

    mutating func drain() {
        guard !isDraining else { return }
        isDraining = true
        drainDeadlineMicroseconds = now.monotonicMicroseconds + microseconds(Self.drainMilliseconds)
        flushReplication()
        advanceDrain()
    }

    /// Goes once every request has its answer and every live member has this node's writes, or time is up.
    mutating func advanceDrain() {
        guard isDraining, !hasDrained else { return }
        let origin = ownOrigin
        let isPassedOn = shardPeers.allSatisfy { node in
            !isUp(node) || peers[node]?.epoch != layout.epoch || (peers[node]?.vector[origin] ?? 0) >= counter
        }
        let isOver = now.monotonicMicroseconds >= drainDeadlineMicroseconds
        guard isOver || (isPassedOn && pending.isEmpty && coordinator == nil && handOns.isEmpty) else { return }
        if isOver, !isPassedOn {
            note(.warning, node: address, "\(address) stops although not every member has confirmed its writes")
        }
        for id in pending.keys.sorted() { finish(id, .refused(.stopping)) }
        hasDrained = true
        stoppedWhole = isWhole
        state = .stopping
        for node in peerAddresses where isUp(node) { send(.leaving, to: node) }
        directives.append(.drained)
    }
}
