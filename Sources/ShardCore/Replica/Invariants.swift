/// The invariants that hold between events, whatever came. Checked after each one in debug builds of the simulator, and so in every
/// simulated run of the tests; what one room holds by itself is asserted there, always.
extension Replica {
    func assertInvariants() {
        assertPlace()
        assertKnowledge()
        assertVote()
        assertChange()
        assert(!outbox.hasMessageToSelf || outbox.hasResume, "what this node said to itself is left lying")
        assert(draining.hasEnded == (state == .stopping), "\(address) is \(state), and its stop says otherwise")
    }

    private func assertPlace() {
        assert(state != .serving || shard != nil, "\(address) serves, and is in no shard")
        assert(state != .joiner || shard == nil, "\(address) is in shard \(shard ?? -1), and waits to join one")
        assert(shard == nil || layout.epoch > 0, "\(address) is in a shard of no layout")
        assert(shard == layout.shard(of: address) || plantedBug != nil, "\(address) takes another's place for its own")
        assert(epochState.catchUp == nil || shard != nil, "\(address) fetches the data of no shard")
    }

    private func assertKnowledge() {
        assert(
            vector[ownOrigin] == counter || plantedBug != nil,
            "\(address) covers \(vector[ownOrigin]) of its own \(counter) writes")
        assert(epochState.own.start <= counter, "keys are forgotten of writes that are not made")
        assert(
            epochState.pending.allSatisfy { $0.origin.epoch == layout.epoch },
            "replication of another epoch waits to be covered")
        assert(
            peers.addresses.allSatisfy { $0 != address }, "\(address) is among its own peers")
        assert(
            disk.journal == nil || configuration.hasDisk, "what is changed is noted for a disk that is not there")
    }

    private func assertVote() {
        assert(
            acceptor.accepted.map { accepted in acceptor.promised.map { $0 >= accepted.ballot } ?? false } ?? true
                || plantedBug != nil,
            "\(address) accepted more than it promised")
        assert(
            acceptor.accepted.map { $0.record.layout.epoch == EpochNumber.next(layout.epoch) } ?? true
                || plantedBug != nil,
            "\(address) keeps its vote for another epoch than the next")
        assert(
            changing.recovery == nil || acceptor.accepted != nil,
            "\(address) finishes a round in which it accepted nothing")
    }

    private func assertChange() {
        assert(coordinator == nil || changing.change != nil, "\(address) coordinates, and for nobody")
        assert(participation.map { $0.setAside.isEmpty } ?? true, "what is set aside is in a part that runs")
        assert(changing.setAside.allSatisfy { !$0.isFrozen }, "a part that is set aside holds writes")
        assert(
            participation.map { !$0.isAccepted || $0.isFrozen } ?? true,
            "\(address) accepted a proposal, and takes writes of the old epoch")
        assert(
            requests.open.heldWrites.isEmpty || isFrozen
                || requests.open.heldWrites.allSatisfy { requests.open[$0] == nil },
            "writes are held, and nothing is frozen")
    }

    private var plantedBug: PlantedBug? { configuration.plantedBug }
}
