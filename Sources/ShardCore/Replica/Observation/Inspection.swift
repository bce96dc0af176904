/// The state that a simulation may look at and no client can.
extension Replica {
    /// The epoch in force, with its layout and baseline.
    package var recordInForce: EpochRecord { record }
    package var servingState: ServingState { state }
    /// The writes of the epoch in force that this node covers.
    package var knowledge: VersionVector { vector }
    /// The phase of the change that this node coordinates; nil if it coordinates none.
    package var coordinatedPhase: ReshardProgress.Phase? { coordinator?.progress.phase }
    /// True while writes are held for a switch of the layout.
    package var isHoldingWrites: Bool { isFrozen }

    /// True if this node started without its votes and has not got them back.
    package var isWithoutVotes: Bool { lacksVotes }

    /// The layout to come that this node voted for.
    package var acceptedRecord: EpochRecord? { acceptor.accepted?.record }

    /// True if this node could serve under `record` at once.
    package func isPrepared(for record: EpochRecord) -> Bool {
        self.record.layout == record.layout || preparation(for: record) != nil
    }

    /// Everything in the store, tombstones included.
    package var storedRecords: [Record] { store.records }

    /// Under which its writes are counted now.
    package var currentOrigin: Origin { ownOrigin }

    /// Grows with every write that this node takes in an epoch.
    package var ownWrites: UInt64 { counter }

    /// The keys of the tombstones held; perhaps one more than once.
    package var heldTombstones: [String] {
        store.tombstones.all.compactMap { store[$0.key]?.version == $0.version ? $0.key : nil }
    }

    /// The tombstones held, with their timestamps; perhaps one more than once. With them those that gave way to a later
    /// write in the same event, as where a freeze held both.
    package var notedTombstones: [(key: String, timestamp: UInt64)] {
        store.tombstones.all.compactMap { tombstone in
            guard let held = store[tombstone.key]?.version, held >= tombstone.version else { return nil }
            return (tombstone.key, tombstone.version.timestamp)
        }
    }

    /// The version held under `key`: in the store, to be handed on, or staged for an operation that is among
    /// `decided`. What is staged for others does not count: where they come to nothing, it is dropped.
    package func latestVersion(ofKey key: String, decided: Set<OperationID>) -> Version? {
        let elsewhere = late.handOns.records.filter { $0.key == key }.map(\.entry.version)
        return (elsewhere + [store[key]?.version, stagedVersion(ofKey: key) { decided.contains($0.operation) }])
            .compactMap { $0 }.max()
    }

    /// The version staged under `key` for an operation that this node has accepted: whether it is decided is open.
    package func acceptedVersion(ofKey key: String) -> Version? { stagedVersion(ofKey: key, where: \.isAccepted) }

    private func stagedVersion(ofKey key: String, where isCounted: (Participation) -> Bool) -> Version? {
        let counted = (changing.setAside + [participation].compactMap { $0 }).filter(isCounted)
        let isStaged = counted.contains { $0.operation == participation?.operation }
        let staged = counted.flatMap(\.setAside) + (isStaged ? store.stagedRecords : [])
        return staged.filter { $0.key == key }.map(\.entry.version).max()
    }

    /// True if this node serves `key` and has processed its write `version`: it holds that, something later, or has
    /// forgotten a deletion that everybody knows of.
    package func hasProcessed(_ version: Version, ofKey key: String) -> Bool {
        state == .serving && layout.shardCount > 0 && layout.shard(ofKey: key) == shard && covers(version)
    }

    /// A deletion of `key` that is no later than this may have been forgotten here; nil if none was.
    package func forgottenUpTo(ofKey key: String) -> UInt64? {
        guard state == .serving, layout.shardCount > 0, layout.shard(ofKey: key) == shard, store[key] == nil else {
            return nil
        }
        return forgotten.count > 0 ? forgotten.timestampMax : nil
    }

    /// The time of the last event.
    package var lastInstant: Instant { now }

    /// The same as it was before any message was refused, to compare.
    package var withoutRefusals: Replica {
        var copy = self
        copy.members.refused = RefusedMessages()
        return copy
    }

    /// How much there is of what grows with what others send, by name, and how much there may be.
    package var tableSizes: [(name: String, count: Int, bound: Int)] {
        [
            ("known nodes", peers.count, Bounds.nodesMax),
            ("decisions about nodes", members.decisions.all.count, Bounds.nodesMax + 1),
            ("strangers", members.identity.strangers.all.count, Bounds.nodesMax),
            ("replication out of order", epochState.pending.count, 1_024),
            ("messages of a later epoch", requests.ahead.count, 2_000),
            ("waiting requests", requests.open.count, configuration.waitingMax),
            ("answers to be confirmed", requests.unconfirmed.count, configuration.waitingMax),
            ("writes of other shards", epochState.elsewhere.told.count, 4_096),
            ("portions set aside", changing.setAside.count, 4),
        ]
    }

    package var forgottenTombstones: Int { forgotten.count }

    /// Everything that should be empty once nothing is under way, by name; empty if it is.
    package var openWork: [String] {
        let work: [(String, Bool)] = [
            ("pending requests", !requests.open.isEmpty), ("waiting requests", !requests.open.waiting.isEmpty),
            ("held writes", !requests.open.heldWrites.isEmpty),
            ("replication out of order", !epochState.pending.isEmpty),
            ("messages of a later epoch", !requests.ahead.isEmpty), ("a catch-up", epochState.catchUp != nil),
            ("hand-ons", !late.handOns.isEmpty), ("a promise", acceptor.bound != nil),
            ("an accepted proposal", acceptor.accepted != nil), ("a participation", participation != nil),
            ("a recovery", changing.recovery != nil), ("portions set aside", !changing.setAside.isEmpty),
            ("votes to learn of", lacksVotes), ("a coordinator", coordinator != nil),
            ("followed changes of the store", store.changes != nil),
            ("a generation to come", store.next != nil), ("leftovers in the store", store.hasLeftovers),
        ]
        return work.filter(\.1).map(\.0)
    }
}
