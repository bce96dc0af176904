/// Going on from what the disk holds.
extension Replica {
    /// A replica that continues from a disk.
    ///
    /// It serves at once where it was whole: what it holds is a causal prefix, and what it lacks of its shard it gets
    /// like any member that was cut off for a while.
    ///
    /// - Parameter configuration: its incarnation must be above that of every earlier start.
    /// - Parameter disk: of the same address.
    public init(configuration: ReplicaConfiguration, disk: DiskContents, now: Instant) {
        var configuration = configuration
        configuration.hasDisk = true
        self.init(configuration: configuration, now: now)
        let disk = disk.withinBounds
        guard let state = disk.state else { return }
        precondition(state.address == address && state.incarnation < configuration.incarnation)
        if let cluster = state.cluster {
            members.identity.restore(cluster)
        } else if state.record.layout.epoch > 0 {
            members.identity.findName()
        }
        inForce = LayoutInForce(state.record, at: address)
        epochState = EpochState(vector: state.vector, collected: state.collected)
        forgotten = Forgotten(timestampMax: state.timestampsPast)
        time.clock.observe(state.timestampsPast)
        late.own = LateOwnWrites(state.extensions)
        members.decisions.restore(state.decisions)
        for node in layout.members + state.decisions.map(\.address) { addPeer(node) }
        // A founder that died before it served has nothing to lose, and its fellows may all wait as it does.
        let isFresh = layout.epoch <= 1 && disk.records.isEmpty && state.vector.isEmpty && self.state == .starting
        self.state = shard == nil ? .joiner : state.isWhole ? .serving : isFresh ? .starting : .catchingUp
        restore(disk.records, of: state)
        restore(vote: state)
        self.disk.journal?.restore(state)
        if self.state == .serving {
            note(.serves(shard: shard, .disk(keys: store.tally.keys)))
        } else if self.state == .catchingUp {
            beginCatchUp(.diskWasNotWhole)
        }
    }

    private mutating func restore(_ records: [Record], of state: DurableState) {
        var foreign: [Record] = []
        var parts = state.staged.map { portion in
            Participation(operation: portion.operation, restored: portion.layout)
        }
        // They are all looked through afterwards.
        epochState.uncovered.letGrow()
        for record in records {
            let (key, entry) = (record.key, record.entry)
            time.clock.observe(entry.version.timestamp)
            var isStaged = false
            for index in parts.indices {
                guard let next = parts[index].layout, next.shard(of: address) == next.shard(ofKey: key) else {
                    continue
                }
                parts[index].setAside.append(record)
                isStaged = true
            }
            if layout.shardCount > 0, layout.shard(ofKey: key) == shard {
                // Some of what a node that is not whole holds may have been deleted since. A whole fetch shows it; until
                // then it is kept, as it may be all that is left.
                merge(record)
            } else if entry.version.dot.origin.epoch < layout.epoch, isAboveBaseline(entry.version.dot) {
                foreign.append(record)
            } else if !isStaged {
                self.disk.journal?.retire([key])
            }
        }
        for index in parts.indices { parts[index].unannouncedKeys = unannouncedKeys(in: parts[index].setAside) }
        changing.setAside = parts
        findUncovered()
        _ = store.takeTouched()
        if !state.isWhole { foreign += store.records.filter { isAboveBaseline($0.entry.version.dot) } }
        if layout.shardCount > 0 { handOn(foreign) }
    }

    /// A vote binds across a restart: who accepted takes no write of the old epoch any more, and finishes the round.
    private mutating func restore(vote state: DurableState) {
        var voter = state.voter
        if let rank = layout.members.firstIndex(of: address) {
            voter.crashVector.raise(rank, to: incarnation)
        }
        changing.acceptor = Acceptor(VoteMemory(voter))
        changing.acceptor.restore(promised: state.promised, accepted: state.accepted, now)
        changing.acceptor.hear(now)
        guard let operation = state.accepted?.record.operation else { return }
        let index = changing.setAside.firstIndex { $0.operation == operation }
        let part = index.map { changing.setAside.remove(at: $0) } ?? Participation(operation: operation)
        activate(part)
        changing.participation = part
        changing.participation?.setAside = []
        let now = now
        changing.participation?.accept(now)
    }
}
