import ShardCore
import Testing

@testable import ShardWire

@Suite struct MessageCodecTests {
    static let node = NodeAddress("127.0.0.1:8081")!
    static let other = NodeAddress("127.0.0.1:8082")!
    static let origin = Origin(node: other, incarnation: 5, epoch: 2)
    static let vector = VersionVector([Dot(origin: origin, counter: 7)])
    static let context = CausalContext(vector: vector, timestamp: 99, epoch: 5)
    static let version = Version(dot: Dot(origin: origin, counter: 7), timestamp: 1 << 60)
    static let records = [
        Record(key: "k", entry: Entry(value: [0x31], version: version, dependencies: vector)),
        Record(key: "é", entry: Entry(value: nil, version: version, dependencies: VersionVector())),
    ]
    static let layout = Layout(epoch: 3, seed: 9, placement: .dealt, shards: [[node], [other]])
    static let operation = OperationID(epoch: 3, attempt: 1, coordinator: node, incarnation: 4)
    static let ballot = Ballot(round: 2, node: other, incarnation: 8)
    static let cluster = ClusterMark(id: ClusterID(settings: .max, draw: 5), standing: .settled)
    static let starts = CrashVector([4, 1 << 50])
    static let record = EpochRecord(layout: layout, baseline: vector, operation: operation, starts: starts)

    static let messages: [Message] = [
        .heartbeat(
            Heartbeat(
                count: 300, heard: HeartbeatNumber(incarnation: 1 << 40, count: 299), state: .catchingUp,
                wallMicroseconds: 1, vector: vector, handedOn: vector, isOutsideChanges: true,
                nodes: [KnownNode(address: other, isRemoved: true, decidedAt: 3, incarnation: 4)], wantsReply: true)),
        .heartbeat(
            Heartbeat(
                count: 1, heard: nil, state: .joiner, wallMicroseconds: 2, vector: VersionVector(), handedOn: nil,
                isOutsideChanges: false, nodes: [],
                wantsReply: false)),
        .leaving,
        .otherCluster(
            ClusterNotice(
                founding: FoundingSettings(view: [node, other], shardCount: 2, name: "store"), state: .serving,
                countsReceiver: true)),
        .otherCluster(ClusterNotice(founding: nil, state: .joiner, countsReceiver: false)),
        .laterStart(1 << 60, silentMilliseconds: 3), .epochWanted, .epoch(record), .epoch(.none),
        .replicate(Replication(origin: origin, after: 1, upTo: 300, requires: vector, records: records)),
        .replicated(vector), .fetch(Fetch(id: 1, have: vector, cursor: 2)), .fetch(Fetch(id: 1, have: nil, cursor: 0)),
        .fetch(Fetch(id: 1, have: nil, cursor: 3, isRescue: true)),
        .fetched(FetchPage(id: 1, cursor: 0, records: records, next: 4_096, vector: vector)),
        .fetched(FetchPage(id: 1, cursor: 0, records: [], next: nil, vector: vector, mustStartOver: true)),
        .handOn(id: 3, records: records), .handedOn(id: 3), .baselineExtended(vector),
        .forward(Forward(id: 1, timestamp: 2, isRetry: true, request: .get(key: "k", context: context))),
        .forward(Forward(id: 1, timestamp: 2, isRetry: false, request: .put(key: "k", value: [1], context: .empty))),
        .forward(Forward(id: 1, timestamp: 2, isRetry: false, request: .delete(key: "k", context: context))),
        .forward(Forward(id: 1, timestamp: 0, isRetry: false, request: .keyCount(shard: 2))),
        .forwarded(id: 1, .found(value: [2], context: context)),
        .forwarded(id: 1, .created(context: context, shard: 1)),
        .forwarded(id: 1, .replaced(context: context, shard: 1)),
        .forwarded(id: 1, .deleted(context: context, shard: 1)),
        .forwarded(id: 1, .noSuchKey(context: context)), .forwarded(id: 1, .keyCount(5)),
        .forwarded(id: 1, .refused(.dependenciesNotMet)), .forwarded(id: 1, .refused(.shardDown(shard: 1))),
        .forwarded(id: 1, .refused(.shardDown(shard: nil))), .forwarded(id: 1, .refused(.foreignContext)),
        .forwarded(id: 1, .refused(.outdated(timestamp: 9))), .forwarded(id: 1, .refused(.busy)),
        .forwarded(id: 1, .refused(.tooFewAcks(needed: 3))), .forwarded(id: 1, .refused(.unconfirmed(needed: 2))),
        .forwarded(id: 1, .refused(.stopping)), .probe(id: 1, key: "k"),
        .probed(id: 1, version: version, isTombstone: true), .probed(id: 1, version: nil, isTombstone: false),
        .count(id: 1, seed: 2, shardCount: 3), .counted(id: 1, keys: [1, 2, 3]),
        .prepare(operation, ballot: ballot), .recover(operation, ballot: ballot),
        .close(operation, ballot: ballot),
        .promised(operation, ballot: ballot, accepted: nil, crashVector: CrashVector()),
        .promised(operation, ballot: ballot, accepted: Accepted(ballot: ballot, record: record), crashVector: starts),
        .busy(operation, ballot: ballot, with: operation), .collate(operation, cursor: 1, keysMax: 100),
        .collated(
            operation,
            CollatePage(
                cursor: 0,
                keys: [SlotKey(slot: 0, key: "a", valueBytes: 300), SlotKey(slot: 7, key: "b", valueBytes: nil)],
                next: 2, keysTotal: 10)),
        .gather(operation, number: 3, slots: [0, 7, 70_000]),
        .gathered(operation, GatherPage(number: 3, taken: 2, records: records)),
        .stage(operation, Stage(sequence: 0, layout: layout, records: [])),
        .stage(operation, Stage(sequence: 1, layout: nil, records: records)), .staged(operation, sequence: 1),
        .freeze(operation), .frozen(operation, vector: vector), .change(operation, round: 3, cursor: 1, target: vector),
        .changed(operation, ChangePage(round: 3, cursor: 0, records: records, next: 2, isComplete: true)),
        .accept(operation, ballot: ballot, record), .accepted(operation, ballot: ballot, crashVector: starts),
        .commit(record),
        .committed(epoch: 3, pauseMicroseconds: 12), .abort(operation), .lease(operation, phase: .broadcast),
        .votesWanted, .votes(VoteReport(voter: VoterState(memorySince: 3), promised: nil, accepted: nil)),
        .votes(
            VoteReport(
                voter: VoterState(memorySince: 3, hasVotes: true, crashVector: starts, founding: starts),
                promised: ballot, accepted: Accepted(ballot: ballot, record: record))),
    ]

    private func frame(_ message: Message) -> [UInt8] {
        var bytes: [UInt8] = []
        MessageCodec.encode(
            Envelope(
                from: Self.node, cluster: Self.cluster, incarnation: 1, epoch: 2, timestamp: 3, message: message),
            into: &bytes)
        return bytes
    }

    @Test func whatNoNodeHasComeToIsNoMessage() {
        let ballot = Ballot(round: .max, node: Self.node, incarnation: 1)
        let envelopes = [
            Envelope(
                from: Self.node, cluster: nil, incarnation: 1, epoch: 1, timestamp: 1,
                message: .prepare(Self.operation, ballot: ballot)),
            Envelope(from: Self.node, cluster: nil, incarnation: .max, epoch: 1, timestamp: 1, message: .leaving),
            Envelope(from: Self.node, cluster: nil, incarnation: 1, epoch: 1 << 53, timestamp: 1, message: .leaving),
            Envelope(from: Self.node, cluster: nil, incarnation: 1, epoch: 1, timestamp: .max, message: .leaving),
        ]
        for envelope in envelopes {
            var bytes: [UInt8] = []
            MessageCodec.encode(envelope, into: &bytes)
            #expect(throws: MessageFormatError.self) {
                try MessageCodec.decode(bytes.dropFirst(MessageCodec.lengthBytes))
            }
        }
    }

    @Test(arguments: messages) func everyMessageComesBackAsItWent(message: Message) throws {
        let bytes = frame(message)
        let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        #expect(length == bytes.count - 4)
        let envelope = try MessageCodec.decode(bytes[4...])
        #expect(
            envelope
                == Envelope(
                    from: Self.node, cluster: Self.cluster, incarnation: 1, epoch: 2, timestamp: 3, message: message))
    }

    /// Fails where a message was added without a sample above.
    @Test func everyKindOfMessageHasASample() throws {
        let kinds = Set(Self.messages.map { String(describing: $0).prefix { $0 != "(" } })
        #expect(kinds.count == 42, "\(kinds.sorted())")
    }

    @Test(arguments: messages) func aFrameCutShortIsRefused(message: Message) {
        let bytes = frame(message)
        for length in 4..<bytes.count {
            #expect(throws: MessageFormatError.self) { try MessageCodec.decode(bytes[4..<length]) }
        }
    }

    @Test func damagedFramesGiveAMessageOrAnErrorAndNothingElse() {
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for round in 0..<20_000 {
            var bytes =
                round % 4 == 0
                ? (0..<random(200)).map { _ in UInt8(random(256)) }
                : Array(frame(Self.messages[random(Self.messages.count)]).dropFirst(4))
            guard !bytes.isEmpty else { continue }
            for _ in 0...random(3) { bytes[random(bytes.count)] ^= UInt8(1 << random(8)) }
            if (try? MessageCodec.decode(bytes[...])) == nil { refused += 1 }
        }
        #expect(refused > 5_000)
    }
}
