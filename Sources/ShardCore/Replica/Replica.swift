import DequeModule

/// One node's part of the store, as a pure state machine: events in, directives out.
///
/// It reads no clock, no socket and no random source, so a run can be repeated exactly. Its parts live in files of
/// their own in this folder and in `Reshard/`.
public struct Replica: Sendable {
    let configuration: ReplicaConfiguration
    var clock = HybridClock()
    var wall: WallEstimate
    /// The time of the event in hand.
    var now: Instant
    let startedMicroseconds: UInt64

    // The layout in force.
    var record: EpochRecord { didSet { findShardPeers() } }
    var state: ServingState
    /// This node's shard in the layout in force.
    var shard: Int? { didSet { findShardPeers() } }
    /// The members of this node's shard, itself left out.
    private(set) var shardPeers: [NodeAddress] = []

    // Knowledge.
    var store = Store()
    /// What this node covers of the epoch in force: writes of its own shard only.
    var vector = VersionVector()
    /// Set whenever something changed that a waiting request may wait for.
    var knowledgeChanged = false
    /// Slots that were taken in before they were covered; some may be covered by now.
    var unsettled: [Int] = []
    /// How many they may be before they are looked through.
    var unsettledMax = 1_024
    /// The deletions of this epoch whose tombstones this node has forgotten.
    var collected = VersionVector()
    var tombstonesCollected = 0
    /// No later than this were the deletions whose tombstones this node has forgotten.
    var timestampsPast: UInt64 = 0
    /// Replication that may not be covered yet, because something before it is missing.
    var pendingReplication: [Replication] = []

    // Own writes of this epoch, for replication.
    var counter: UInt64 = 0
    /// The keys of the own writes `logStart + 1 ... counter`.
    var log: Deque<String> = []
    var logStart: UInt64 = 0

    // Others.
    var peers: [NodeAddress: Peer] = [:]
    /// Addresses of ``peers``, sorted: the order in which anything is done for all of them.
    var peerAddresses: [NodeAddress] = []
    var decisions: [NodeAddress: KnownNode] = [:]
    var decisionsChangedMicroseconds: UInt64
    var heartbeatMicroseconds: UInt64 = 0
    var heartbeats: UInt64 = 0
    /// The last heartbeat before the layout in force.
    var epochHeartbeat: UInt64 = 0

    // Requests that could not be answered at once.
    var pending: [UInt64: Pending] = [:]
    /// Of them, those that wait for dependencies, for a layout, or for another try.
    var waiting: [UInt64] = []
    /// Writes held by a freeze, in the order in which they came.
    var held: [UInt64] = []
    /// Writes whose answer waits for other members.
    var unconfirmed: [Unconfirmed] = []
    /// Messages of an epoch ahead, kept until that layout is here.
    var deferred: [Envelope] = []
    var epochWantedMicroseconds: UInt64 = 0

    var catchUp: CatchUp?
    var knowledgeAskedMicroseconds: UInt64 = 0
    var orphansSoughtMicroseconds: UInt64 = 0
    var handOns: [UInt64: HandOn] = [:]
    /// Own writes of older epochs that reached their new owners late; told to all.
    var extensions = VersionVector()
    /// True where some of them were handed on before this epoch, and others may still have to.
    var announcesOnceHandedOn = false

    // Changing the layout.
    var acceptor: Acceptor
    var participation: Participation?
    /// Parts in operations that may have been decided without this node, until the epoch is known.
    var setAside: [Participation] = []
    var recovery: Recovery?
    var closing: Closing?
    var coordinator: Coordinator?
    /// What the coordinator works for.
    var change: Change?
    var lastAttempt: UInt64 = 0
    var lastProgress: ReshardProgress?
    var counting: [CountJob] = []
    var planning: [Planning] = []
    var locating: [UInt64: Locating] = [:]
    var keyCounts: [UInt64: KeyCountQuery] = [:]
    /// What this node asked last, of whomever. Ids of different starts differ: an answer to an earlier one may still come.
    private var lastQuestion: UInt64

    /// Nil for a node without a disk.
    var journal: Journal?
    /// False while the disk cannot be written: then this node takes nothing in.
    var isDiskWritable = true

    var isDraining = false
    var drainDeadlineMicroseconds: UInt64 = 0
    var hasDrained = false
    /// True where it was whole when it stopped: its disk must say so.
    var stoppedWhole = false

    /// Messages of this node to itself, taken in before `handle` returns.
    var toSelf: Deque<Message> = []
    var directives: [Directive] = []
    /// When the next ``Event/resume`` is due; nil where none is asked for.
    var resumeMicroseconds: UInt64?

    public init(configuration: ReplicaConfiguration, now: Instant) {
        self.configuration = configuration
        self.now = now
        wall = WallEstimate(now: now)
        startedMicroseconds = now.monotonicMicroseconds
        decisionsChangedMicroseconds = now.monotonicMicroseconds
        // Starts that follow one another closely get ranges that are far apart.
        lastQuestion = configuration.incarnation &* 0x9E37_79B9_7F4A_7C15 >> 1
        acceptor = Acceptor(memorySince: configuration.incarnation)
        if let shardCount = configuration.shardCount {
            let founding = Layout.founding(nodes: configuration.view, shardCount: shardCount)
            record = EpochRecord(layout: founding, baseline: VersionVector(), operation: nil)
            state = .starting
            shard = founding.shard(of: configuration.address)
        } else {
            record = .none
            state = .joiner
        }
        if configuration.hasDisk {
            journal = Journal()
            store.beginTouched()
        }
        acceptor = newAcceptor()
        findShardPeers()
        for address in configuration.view where address != configuration.address { addPeer(address) }
    }

    /// The id of a new question to other nodes.
    mutating func newQuestion() -> UInt64 {
        lastQuestion += 1
        return lastQuestion
    }

    /// Takes in one event. Calls to this are the only way that anything changes.
    public mutating func handle(_ event: Event, now: Instant) -> [Directive] {
        self.now = now
        store.nowMicroseconds = now.monotonicMicroseconds
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
        if knowledgeChanged { recheckWaiting() }
        let change = takeDiskChange()
        var result: [Directive] = []
        swap(&result, &directives)
        if let change { result.insert(.persist(change), at: 0) }
        return result
    }

    /// Takes in what this node sent to itself. Of what carries keys only one message in a turn: each may call for the
    /// next, and a coordinator would read its whole shard in one go.
    private mutating func receiveFromSelf() {
        while let message = toSelf.popFirst() {
            guard !isTooMuchForDisk(message) else { continue }
            receive(message, from: configuration.address, epoch: layout.epoch)
            if message.carriesKeys, !toSelf.isEmpty { return wantResume() }
        }
    }

    var layout: Layout { record.layout }
    var address: NodeAddress { configuration.address }
    var ownOrigin: Origin {
        let incarnation = makes(.countersStartOver) ? 1 : configuration.incarnation
        return Origin(node: address, incarnation: incarnation, epoch: layout.epoch)
    }

    /// What writes are stamped with.
    var wallMicroseconds: UInt64 { wall.microseconds(at: now) }

    mutating func findShardPeers() {
        let isPlaced = shard.map(layout.shards.indices.contains) ?? false
        shardPeers = shard.map { isPlaced ? layout.shards[$0].filter { $0 != address } : [] } ?? []
    }

    func microseconds(_ milliseconds: UInt64) -> UInt64 { milliseconds * 1_000 }

    func hasPassed(_ milliseconds: UInt64, since micros: UInt64) -> Bool {
        now.monotonicMicroseconds >= micros + milliseconds * 1_000
    }

    mutating func send(_ message: Message, to peer: NodeAddress) {
        if peer == address {
            toSelf.append(message)
            return
        }
        directives.append(
            .send(
                Envelope(
                    from: address, incarnation: configuration.incarnation, epoch: layout.epoch,
                    timestamp: clock.last, message: message),
                to: peer))
    }

    mutating func note(_ kind: Occurrence.Kind, node: NodeAddress? = nil, _ text: String) {
        directives.append(.record(Occurrence(kind, node: node, text)))
    }

    /// Asks for an ``Event/resume``, unless one is due by then already.
    mutating func wantResume(afterMicroseconds delay: UInt64 = 0) {
        let due = now.monotonicMicroseconds + delay
        if let resumeMicroseconds, resumeMicroseconds <= due { return }
        resumeMicroseconds = due
        directives.append(.resume(afterMicroseconds: delay))
    }

    private mutating func resume() {
        // An earlier wish may arrive after a later one was granted; both do no harm.
        resumeMicroseconds = nil
        flushReplication()
        advanceCounting()
        advancePlanning()
        advanceParticipation()
        advanceCoordinator()
    }

    private mutating func tick() {
        watchPeers()
        beat()
        retransmit()
        advanceStart()
        advanceCatchUp()
        watchAntiEntropy()
        settleOrphans()
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
