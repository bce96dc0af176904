/// Forgetting tombstones once nobody can bring back what they delete.
///
/// A tombstone goes when every member of the shard covers it, those that are down included; when its timestamp is so
/// old that no write is accepted any more under one that is older still; and when, after all that was found, every
/// known node has said that it brings no older entry back. A node may do so while it hands on, and while a change of
/// the layout is open in which it takes part, or took part before it came to nothing: its portion may have been read
/// before the deletion, by a coordinator that this node never heard of.
///
/// Besides, whoever finds the key gone is told by its tombstone what the deletion depends on in other shards, and by its
/// absence nothing. So the tombstone stays until all their members have that; see ``WritesKnownEverywhere``.
extension Replica {
    private static let tombstonesPerTick = 1_000

    mutating func collectTombstones() {
        let isEarly = makes(.tombstonesGoEarly)
        guard !store.tombstones.all.isEmpty, !makes(.tombstonesStay), mayCollect || isEarly else { return }
        let asksNobody = makes(.tombstonesGoDuringReshards)
        let covered = shardPeers.map { peers[$0]?.said.vector ?? VersionVector() } + [vector]
        let nothingAfter =
            peerAddresses.filter { !isNotAwaited($0) }.compactMap { peers[$0]?.said.bringsNothingAfter }.min() ?? .max
        let epoch = layout.epoch
        let heartbeats = members.heartbeats
        let baseline = record.baseline
        let age = microseconds(configuration.tombstoneMilliseconds)
        let now = now.monotonicMicroseconds
        let past = timestampPast
        let known = writesKnownEverywhere
        let asksNoCauses = makes(.tombstonesGoBeforeTheirCauses)
        let gone = store.collectTombstones(Self.tombstonesPerTick) { tombstone, dependencies in
            guard now >= tombstone.sinceMicroseconds + age else { return false }
            let dot = tombstone.version.dot
            if isEarly { return true }
            guard tombstone.version.timestamp <= past,
                dot.origin.epoch < epoch ? baseline.covers(dot) : covered.allSatisfy({ $0.covers(dot) })
            else { return false }
            guard let knownSince = tombstone.knownSince, knownSince > heartbeats.countBeforeEpoch else {
                tombstone.knownSince = heartbeats.count
                return false
            }
            return (nothingAfter > knownSince || asksNobody) && (asksNoCauses || known.cover(dependencies))
        }
        guard !gone.isEmpty else { return }
        forgotten.note(gone.count, upTo: past)
        // Goes with every message, so that whoever learns from this node what is left keeps to it as well.
        time.clock.observe(wallMicroseconds << 12)
        for (key, dot) in gone {
            if dot.origin.epoch == layout.epoch { epochState.collected.raise(dot) }
            disk.journal?.retire([key])
        }
    }

    /// A write may come late under a timestamp that another node chose for it. Where that is this one or an older one,
    /// a later deletion of its key may be forgotten already.
    private var timestampPast: UInt64 {
        let latest = max(time.clock.last, wallMicroseconds << 12)
        let age = microseconds(configuration.tombstoneMilliseconds) << 12
        return max(forgotten.timestampMax, latest > age ? latest - age : 0)
    }

    /// True for a timestamp chosen so long ago that a write under it is not accepted any more.
    func isPast(_ timestamp: UInt64) -> Bool { !makes(.tombstonesGoEarly) && timestamp <= timestampPast }

    private var mayCollect: Bool {
        guard state == .serving, epochState.catchUp == nil, bringsNothing else { return false }
        let areMembersHere = shardPeers.allSatisfy { isUp($0) && peers[$0]?.state == .serving }
        return areMembersHere
            && peerAddresses.allSatisfy { node in
                if isNotAwaited(node) { return true }
                guard let peer = peers[node], peer.presence.isUp, peer.epoch == layout.epoch,
                    let handedOn = peer.said.handedOn
                else {
                    return false
                }
                return record.baseline.covers(handedOn)
            }
    }

    /// True while this node brings no entry to anybody that may be older than what they hold.
    var bringsNothing: Bool { late.handOns.isEmpty && changing.isOutsideChanges }

    /// Nil while this node hands on; then what it handed on of its own writes.
    var handedOn: VersionVector? { late.handOns.isEmpty ? late.own.vector : nil }

    /// A fellow member no longer knows of deletions that this node has not heard of: everything is fetched anew, and what
    /// is deleted shows by its absence.
    ///
    /// That happens where a disk was an earlier state of the node than its peers knew. Nothing is dropped before the
    /// fetch is whole: who is asked may lack what this node and the other member hold.
    ///
    /// - Parameter forgotten: what `source` has forgotten; covered where the answer is to a question of long ago.
    mutating func startOver(_ forgotten: VersionVector, from source: NodeAddress) {
        epochState.catchUp = nil
        guard !vector.covers(forgotten) else { return }
        guard participation == nil, changing.setAside.isEmpty, acceptor.accepted == nil else { return }
        beginCatchUp(.missedDeletions(source))
    }
}
