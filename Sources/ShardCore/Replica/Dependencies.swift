/// The writes that a context names and this node must have before it may answer.
extension Replica {
    enum Readiness { case ready, waits, foreign, ofAnotherCluster }

    /// Whether this node has every write that `context` names and this shard is responsible for.
    ///
    /// The rules: a write of an older epoch counts as met up to the baseline of the epoch in force, and beyond it if a
    /// layout was forced since. A write of this epoch concerns only the shard of its node. A context of a newer epoch
    /// waits until that layout is here.
    mutating func readiness(for context: CausalContext) -> Readiness {
        if context.cluster != 0, let cluster {
            switch cluster.match(tag: context.cluster) {
            case .own: break
            case .undecided: return .waits
            case .other: return .ofAnotherCluster
            }
        }
        guard time.mayFollow(context.timestamp, of: .contexts) else {
            return time.isForged(context.timestamp) ? .foreign : .waits
        }
        var result = Readiness.ready
        if context.epoch > layout.epoch {
            if let peer = peerAddresses.first(where: { peers[$0]?.epoch ?? 0 >= context.epoch }) ?? peerAddresses.first
            {
                wantEpoch(from: peer)
            }
            result = .waits
        }
        for element in context.vector.elements {
            let origin = element.origin
            if origin.epoch > layout.epoch {
                wantEpoch(from: peers[origin.node] == nil ? peerAddresses.first ?? address : origin.node)
                result = .waits
            } else if origin.epoch == layout.epoch {
                guard let owner = layout.shard(of: origin.node) else { return .foreign }
                if owner == shard, vector[origin] < element.counter, !canNothingMoreArrive(of: origin) {
                    result = .waits
                }
            } else if EpochNumber.forced(origin.epoch) < EpochNumber.forced(layout.epoch) {
                // By forcing the layout, an operator said that writes which no node had then will not come.
                continue
            } else if makes(.contextsWaitForEver) {
                result = .waits
            } else if record.baseline[origin] < element.counter, !canNothingMoreArrive(of: origin),
                !makes(.oldContextsCountAsMet)
            {
                result = .waits
            }
        }
        return result
    }

    /// True if `origin` has ended and nobody holds more of its writes than this node: then any further write that a
    /// context names was lost. A start has ended if its node was started again since, or is down and was taken out of
    /// the view.
    ///
    /// Every node that may hold such a write must have said so: of this epoch's writes the members of the shard, of
    /// older ones every node that may still hand on. And every node must have said, since any node started last, that
    /// it brings nothing: what the ended start held may be in a change that is open, or that is decided and not in
    /// force here. A node that is down may come back with such writes, unless an operator took it out of the view.
    func canNothingMoreArrive(of origin: Origin) -> Bool {
        let latest = origin.node == address ? incarnation : peers[origin.node]?.incarnation
        let asksNobody = makes(.openChangesBringNothing)
        guard origin.hasEnded(latestStart: latest, isGone: isGone(origin.node)), bringsNothing || asksNobody else {
            return false
        }
        let here = vector[origin]
        return isTrueOfAllPeers(sinceLastStart: asksNobody ? nil : \.said.bringsNothingAfter) { peer in
            guard origin.epoch == layout.epoch else { return peer.said.handedOn != nil }
            return layout.shard(of: peer.address) != shard || peer.said.vector[origin] <= here
        }
    }

    /// True if the context of a request that waits names an epoch that is gone: all nodes have said since it came that
    /// they are in an earlier one and take part in no change. That epoch was a cluster's before this one, founded anew
    /// once all had lost their memory, where the context was given before its draw was settled.
    func namesLostEpoch(_ request: Pending) -> Bool {
        guard request.obstacle == .dependenciesNotMet, let context = request.request.context,
            context.latestEpoch > layout.epoch, changing.isOutsideChanges
        else { return false }
        return isTrueOfAllPeers(sinceLastStart: \.said.isOutsideChangesAfter) {
            $0.said.isOutsideChangesAfter > request.heartbeat
        }
    }

    /// True for a node that is down and that an operator took out of the view.
    func isGone(_ node: NodeAddress) -> Bool { isRemoved(node) && peers[node]?.presence.isUp != true }

    /// True if every node in the view is up and in this epoch, has said what `heartbeat` counts since any node started
    /// last, and meets `condition`. A node that has just started has not said yet what its disk holds.
    func isTrueOfAllPeers(
        sinceLastStart heartbeat: KeyPath<Peer, UInt64>?, _ condition: (Peer) -> Bool
    ) -> Bool {
        let lastStart = peers.all.map(\.startHeartbeat).max() ?? 0
        return peerAddresses.allSatisfy { node in
            if isNotAwaited(node) { return true }
            guard let peer = peers[node], peer.presence.isUp, peer.epoch == layout.epoch, peer.state != nil,
                heartbeat.map({ peer[keyPath: $0] > lastStart }) ?? true
            else { return false }
            return condition(peer)
        }
    }

    /// True for a node that an operator took out, and for one that has no place in the layout and was never heard or
    /// belongs to another cluster: an operator may have mistaken its address, and nothing waits for it.
    func isNotAwaited(_ node: NodeAddress) -> Bool {
        if isRemoved(node) { return true }
        guard layout.shard(of: node) == nil else { return false }
        return peers[node]?.incarnation == nil || members.identity.strangers[node] != nil
    }

    /// Returns `context` as one of this cluster, without the writes that count as met everywhere.
    func pruned(_ context: CausalContext) -> CausalContext {
        var result = context
        // A node that does not know yet which draw prevails takes nothing away from what the context says of it.
        if let cluster { result.cluster = max(cluster.tag, context.cluster) }
        guard let first = context.vector.elements.first, first.origin.epoch < layout.epoch else { return result }
        let kept = context.vector.filter { isNamed(Dot(origin: $0.origin, counter: $0.counter)) }
        guard kept.count < context.vector.count else { return result }
        // Nodes that are behind do not know what counts as met here.
        (result.vector, result.epoch) = (kept, max(context.epoch, layout.epoch))
        return result
    }

    /// True for a write that a context has to name: one that does not count as met everywhere.
    func isNamed(_ dot: Dot) -> Bool {
        isAboveBaseline(dot) && EpochNumber.forced(dot.origin.epoch) == EpochNumber.forced(layout.epoch)
    }

    func isAboveBaseline(_ dot: Dot) -> Bool {
        dot.origin.epoch == layout.epoch || !record.baseline.covers(dot)
    }

    /// The part of a context that other shards are responsible for: a write's dependencies.
    func foreignPart(of vector: VersionVector) -> VersionVector {
        guard !vector.isEmpty else { return vector }
        return vector.filter { $0.origin.epoch < layout.epoch || layout.shard(of: $0.origin.node) != shard }
    }

    /// True if this node need not take in the entry of `version`: it has processed it, and holds that or a later one.
    func covers(_ version: Version) -> Bool {
        version.dot.origin.epoch < layout.epoch
            ? record.baseline.covers(version.dot) : vector.covers(version.dot)
    }
}
