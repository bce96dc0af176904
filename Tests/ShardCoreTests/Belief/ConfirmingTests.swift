import Testing

@testable import ShardCore

/// A node of shard 0 that is given writes whose contexts name writes of shard 1, of which it hears from the test.
@Suite struct ConfirmingTests {
    private let layout = Layout.founding(
        nodes: (1...4).map { NodeAddress("10.0.0.\($0):8081")! }, shardCount: 2)
    private var replica: Replica
    private let other: NodeAddress
    private let key: String
    private var milliseconds: UInt64 = 1

    init() {
        replica = .serving(layout.shards[0][0], in: layout)
        other = layout.shards[1][0]
        let layout = layout
        key = (0...).lazy.map { "key-\($0)" }.first { layout.shard(ofKey: $0) == 0 }!
    }

    private var origin: Origin { Origin(node: other, incarnation: 1, epoch: 1) }

    private func naming(_ counter: UInt64) -> CausalContext {
        CausalContext(vector: VersionVector([Dot(origin: origin, counter: counter)]))
    }

    private mutating func handle(_ event: Event) -> [Directive] {
        replica.handle(
            event, now: Instant(monotonicMicroseconds: milliseconds * 1_000, wallMicroseconds: milliseconds * 1_000))
    }

    private mutating func receive(_ message: Message) -> [Directive] {
        handle(
            .message(
                Envelope(
                    from: other, cluster: replica.cluster, incarnation: 1, epoch: 1, timestamp: 1, message: message)))
    }

    /// It covers so many of its own writes.
    private mutating func hear(_ count: UInt64, number: UInt64 = 1) -> [Directive] {
        receive(
            .heartbeat(
                Heartbeat(
                    count: number, heard: nil, state: .serving, wallMicroseconds: 0,
                    vector: naming(count).vector, handedOn: nil, isOutsideChanges: false, nodes: [],
                    wantsReply: false)))
    }

    private mutating func put(_ context: CausalContext) -> [Directive] {
        handle(.request(RequestID(1), .put(key: key, value: [0x31], context: context)))
    }

    private func reply(_ directives: [Directive]) -> Reply? {
        directives.lazy.compactMap { if case .reply(_, let reply) = $0 { reply } else { nil } }.first
    }

    private func asks(_ directives: [Directive]) -> Bool {
        directives.contains {
            if case .send(let envelope, other) = $0, case .heartbeat(let beat) = envelope.message {
                beat.wantsReply
            } else {
                false
            }
        }
    }

    @Test mutating func whatItsMemberCoversIsKeptAtOnce() {
        _ = hear(7)
        guard case .created = reply(put(naming(7))) else { return #expect(Bool(false), "it waits") }
        #expect(replica.store[key]?.dependencies == naming(7).vector)
    }

    @Test mutating func aWriteWaitsForOneAnswerOfTheNodeThatItsContextNames() {
        _ = hear(7)
        let asked = put(naming(8))
        #expect(reply(asked) == nil)
        #expect(asks(asked))
        guard case .created = reply(hear(8, number: 2)) else { return #expect(Bool(false), "it waits on") }
        #expect(replica.store[key]?.dependencies == naming(8).vector)
    }

    @Test mutating func aLieFailsWhoTellsItAndIsNotKept() {
        _ = hear(7)
        #expect(reply(put(naming(1_000_000))) == nil)
        milliseconds += 5_100
        #expect(reply(handle(.tick)) == .refused(.dependenciesNotMet))
        #expect(replica.store[key] == nil)
        guard case .created = reply(put(naming(7))) else { return #expect(Bool(false), "others wait for it") }
    }

    /// It does not keep the node busy that it names.
    @Test mutating func aLieIsAskedAboutLessAndLessOften() {
        _ = hear(7)
        var asked = asks(put(naming(8))) ? 1 : 0
        for _ in 0..<1_000 {
            milliseconds += 1
            guard asks(handle(.resume)) else { continue }
            asked += 1
            _ = hear(7, number: UInt64(asked))
        }
        #expect((5...40).contains(asked), "\(asked) questions in a second")
    }

    @Test mutating func whatTheNodeThatPassedItOnHasBorneOutIsNotAskedForAgain() {
        _ = hear(7)
        let forward = Forward(
            id: 3, timestamp: 9_000_000, isRetry: false, isConfirmed: true,
            request: .put(key: key, value: [0x31], context: naming(8)))
        let answers = receive(.forward(forward)).contains {
            if case .send(let envelope, _) = $0, case .forwarded(3, .created) = envelope.message { true } else { false }
        }
        #expect(answers)
    }
}
