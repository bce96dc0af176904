/// The writes of other shards that nobody has to be told of any more: every member of their shard has them, or nobody has
/// them and they were lost.
struct WritesKnownEverywhere {
    let layout: Layout
    let baseline: VersionVector
    /// The writes of the epoch in force that each known node covers.
    let vectors: [NodeAddress: VersionVector]
    /// The start that is known of each node.
    let starts: [NodeAddress: UInt64]
    /// Nodes that are down, and that an operator took out of the view.
    let gone: Set<NodeAddress>
    /// True if nobody can bring back what nobody has of this epoch's writes.
    let nobodyBringsAny: Bool
    /// True if nobody can bring back what nobody has of older epochs' writes either.
    let isHandedOn: Bool

    func cover(_ dependencies: VersionVector) -> Bool {
        dependencies.elements.allSatisfy { cover($0.origin, $0.counter) }
    }

    private func cover(_ origin: Origin, _ counter: UInt64) -> Bool {
        let hasEnded = origin.hasEnded(latestStart: starts[origin.node], isGone: gone.contains(origin.node))
        guard origin.epoch == layout.epoch else {
            return baseline[origin] >= counter
                || EpochNumber.forced(origin.epoch) < EpochNumber.forced(layout.epoch) || hasEnded && isHandedOn
        }
        guard let owner = layout.shard(of: origin.node) else { return false }
        let covered = layout.shards[owner].map { vectors[$0]?[origin] ?? 0 }
        if covered.allSatisfy({ $0 >= counter }) { return true }
        return hasEnded && nobodyBringsAny && covered.allSatisfy { $0 < counter }
    }
}

extension Replica {
    var writesKnownEverywhere: WritesKnownEverywhere {
        var vectors: [NodeAddress: VersionVector] = [:]
        var starts: [NodeAddress: UInt64] = [:]
        for peer in peers.all {
            vectors[peer.address] = peer.said.vector
            starts[peer.address] = peer.incarnation ?? 0
        }
        vectors[address] = vector
        starts[address] = incarnation
        let nobodyBringsAny = bringsNothing && isTrueOfAllPeers(sinceLastStart: \.said.bringsNothingAfter) { _ in true }
        return WritesKnownEverywhere(
            layout: layout, baseline: record.baseline, vectors: vectors, starts: starts,
            gone: Set(peerAddresses.filter(isGone)), nobodyBringsAny: nobodyBringsAny,
            isHandedOn: nobodyBringsAny
                && peerAddresses.allSatisfy { isNotAwaited($0) || peers[$0]?.said.handedOn != nil }
        )
    }
}

extension Origin {
    /// True if the start that this origin names is over: nothing new comes of it.
    func hasEnded(latestStart: UInt64?, isGone: Bool) -> Bool { isGone || latestStart ?? 0 > incarnation }
}
