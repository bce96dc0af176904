/// One node's part of the store, as a pure state machine: events in, directives out.
///
/// It reads no clock, no socket and no random source, so a run can be repeated exactly. Its parts live in files of
/// their own in this folder and in `Reshard/`.
public struct Replica: Sendable {
    let configuration: ReplicaConfiguration
    var time: ReplicaTime
    var inForce: LayoutInForce
    var state: ServingState
    var store = Store()
    var epochState = EpochState()
    var forgotten = Forgotten()
    var members: Membership
    var requests = Requests()
    var queries: Queries
    var late = LateWrites()
    var changing: Changing
    var disk = Disk()
    var draining = Drain()
    var outbox = Outbox()

    public init(configuration: ReplicaConfiguration, now: Instant) {
        self.configuration = configuration
        time = ReplicaTime(now)
        members = Membership(
            founding: configuration.founding, incarnation: configuration.incarnation, draw: configuration.draw, now: now
        )
        queries = Queries(incarnation: configuration.incarnation)
        changing = Changing(Acceptor(VoteMemory(VoterState(memorySince: configuration.incarnation))))
        if let shardCount = configuration.shardCount {
            let founding = Layout.founding(nodes: configuration.view, shardCount: shardCount)
            inForce = LayoutInForce(
                EpochRecord(layout: founding, baseline: VersionVector(), operation: nil), at: configuration.address)
            state = .starting
        } else {
            inForce = LayoutInForce(.none, at: configuration.address)
            state = .joiner
        }
        if configuration.hasDisk {
            disk.journal = Journal()
            store.beginTouched()
        }
        changing.acceptor = newAcceptor()
        for address in configuration.view where address != configuration.address { addPeer(address) }
    }

    /// Takes in one event. Nothing changes a replica but calls of this.
    public mutating func handle(_ event: Event, now: Instant) -> [Directive] {
        time.set(now)
        store.tombstones.nowMicroseconds = now.monotonicMicroseconds
        switch event {
        case .request(let id, let request): receive(request, id: id)
        case .message(let envelope): receive(envelope)
        case .unreachable(let peer): suspect(peer)
        case .tick: tick()
        case .resume: resume()
        case .drain: drain()
        case .disk(let isWritable): noteDisk(isWritable: isWritable)
        }
        receiveFromSelf()
        if requests.open.hasNewKnowledge { recheckWaiting() }
        if configuration.checksInvariants { assertInvariants() }
        return outbox.endTurn(takeDiskChange())
    }

    /// Takes in the messages that this node sent to itself, but in one turn only one that carries keys: each may call
    /// for the next, and a coordinator would read its whole shard in one go.
    private mutating func receiveFromSelf() {
        while let message = outbox.nextToSelf() {
            guard !isTooMuchForDisk(message) else { continue }
            receive(message, from: configuration.address, epoch: layout.epoch)
            if message.rules.carriesKeys, outbox.hasMessageToSelf { return wantResume() }
        }
    }

    var now: Instant { time.now }
    var record: EpochRecord { inForce.record }
    var shard: Int? { inForce.shard }
    var shardPeers: [NodeAddress] { inForce.shardPeers }
    var acceptor: Acceptor { changing.acceptor }
    var participation: Participation? { changing.participation }
    var coordinator: Coordinator? { changing.coordinator }
    /// The writes of the epoch in force that this node covers.
    var vector: VersionVector { epochState.vector }
    /// Own writes of the epoch in force.
    var counter: UInt64 { epochState.own.count }
    var layout: Layout { record.layout }
    var address: NodeAddress { configuration.address }
    /// The number of this start of the node.
    var incarnation: UInt64 { members.own.incarnation }
    /// The cluster that this node belongs to; nil while it has not met one.
    package var cluster: ClusterMark? { members.identity.mark }
    var ownOrigin: Origin {
        let incarnation = makes(.countersStartOver) ? 1 : incarnation
        return Origin(node: address, incarnation: incarnation, epoch: layout.epoch)
    }

    /// The time that writes are stamped with.
    var wallMicroseconds: UInt64 { time.wall.microseconds(at: now) }

    func microseconds(_ milliseconds: UInt64) -> UInt64 { milliseconds * 1_000 }

    func hasPassed(_ milliseconds: UInt64, since micros: UInt64) -> Bool {
        now.hasPassed(milliseconds, since: micros)
    }

    mutating func send(_ message: Message, to peer: NodeAddress) {
        if peer == address { return outbox.sendToSelf(message) }
        outbox.send(
            Envelope(
                from: address, cluster: cluster, incarnation: incarnation, epoch: layout.epoch,
                timestamp: time.clock.last, message: message),
            to: peer)
    }

    /// - Parameter node: the node that the fact is about; nil for this one.
    mutating func note(_ fact: Occurrence.Fact, of node: NodeAddress? = nil) {
        outbox.record(Occurrence(node ?? address, fact))
    }

    mutating func wantResume(afterMicroseconds delay: UInt64 = 0) {
        outbox.wantResume(afterMicroseconds: delay, now)
    }

    private mutating func resume() {
        outbox.noteResume()
        flushReplication()
        askAgainToConfirm()
        advanceCounting()
        advancePlanning()
        advanceParticipation()
        advanceCoordinator()
    }

    private mutating func tick() {
        watchPeers()
        watchIdentity()
        beat()
        retransmit()
        advanceStart()
        advanceCatchUp()
        watchAntiEntropy()
        repairGaps()
        expirePending()
        checkUnconfirmed()
        expireQueries()
        retryHandOns()
        collectTombstones()
        watchLease()
        advanceRecovery()
        advanceClosing()
        watchVotes()
        advanceCoordinator(isTick: true)
        advanceDrain()
    }
}
