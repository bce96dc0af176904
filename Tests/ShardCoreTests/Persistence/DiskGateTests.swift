import Testing

@testable import ShardCore

@Suite struct DiskGateTests {
    private static let node = NodeAddress("10.0.0.1:8081")!

    private func change(isVital: Bool = false, record: EpochRecord = .none) -> Directive {
        .persist(
            DiskChange(
                records: [],
                state: DurableState(
                    address: Self.node, incarnation: 1, record: record, vector: VersionVector(), isWhole: true),
                isVital: isVital))
    }

    private func record(epoch: UInt64) -> EpochRecord {
        EpochRecord(
            layout: Layout(epoch: epoch, seed: 0, placement: .hashed, shards: [[Self.node]]),
            baseline: VersionVector(), operation: nil)
    }

    private func send(_ message: Message) -> Directive {
        .send(
            Envelope(from: Self.node, cluster: nil, incarnation: 1, epoch: 1, timestamp: 0, message: message),
            to: Self.node)
    }

    private func messages(_ directives: [Directive]) -> [Message] {
        directives.compactMap { if case .send(let envelope, _) = $0 { envelope.message } else { nil } }
    }

    private func reply(_ id: UInt64, _ reply: Reply = .created(context: .empty, shard: 0)) -> Directive {
        .reply(RequestID(id), reply)
    }

    private func replies(_ directives: [Directive]) -> [UInt64] {
        directives.compactMap { if case .reply(let id, _) = $0 { id.value } else { nil } }
    }

    @Test func syncHoldsEverythingUntilItIsOnTheDisk() {
        var gate = DiskGate(durability: .sync)
        #expect(replies(gate.pass([reply(1)])) == [1], "nothing is on its way")
        #expect(gate.pass([change(), reply(2)]).isEmpty)
        #expect(gate.beginCommit()?.count == 1)
        #expect(gate.pass([reply(3), change(), reply(4)]).isEmpty)
        #expect(gate.beginCommit() == nil, "one commit at a time")
        #expect(replies(gate.endCommit()) == [2, 3])
        #expect(gate.beginCommit()?.count == 1)
        #expect(replies(gate.endCommit()) == [4])
        #expect(gate.isIdle)
    }

    @Test func batchedHoldsWhatIsVitalOnly() {
        var gate = DiskGate(durability: .batched)
        #expect(replies(gate.pass([change(), reply(1)])) == [1])
        #expect(gate.pass([change(isVital: true), reply(2)]).isEmpty)
        #expect(gate.beginCommit()?.count == 2)
        #expect(replies(gate.endCommit()) == [2])
    }

    private func change(bytes: Int) -> Directive {
        let origin = Origin(node: Self.node, incarnation: 1, epoch: 1)
        let entry = Entry(
            value: Array(repeating: 0x31, count: bytes),
            version: Version(dot: Dot(origin: origin, counter: 1), timestamp: 1), dependencies: VersionVector())
        let state = DurableState(
            address: Self.node, incarnation: 1, record: .none, vector: VersionVector(), isWhole: true)
        return .persist(DiskChange(records: [Record(key: "k", entry: entry)], state: state, isVital: false))
    }

    @Test func answersWaitForADiskThatIsTooFarBehind() {
        var gate = DiskGate(durability: .batched, pendingBytesMax: 100_000)
        #expect(replies(gate.pass([change(bytes: 60_000), reply(1)])) == [1])
        #expect(gate.beginCommit()?.count == 1)
        #expect(!gate.isAwaited)
        #expect(gate.pass([change(bytes: 60_000), reply(2)]).isEmpty, "what is being written counts as well")
        #expect(gate.pass([reply(3)]).isEmpty)
        #expect(gate.isAwaited)
        #expect(gate.endCommit().isEmpty, "what they rest on is in the next commit")
        #expect(gate.beginCommit()?.count == 1)
        #expect(replies(gate.endCommit()) == [2, 3])
        #expect(replies(gate.pass([change(bytes: 60_000), reply(4)])) == [4], "all is as before")
    }

    @Test func aDiskThatIsTooFarBehindDoesNotMakeTheNodeSilent() {
        var gate = DiskGate(durability: .batched, pendingBytesMax: 100_000)
        let beat = Directive.send(
            Envelope(
                from: Self.node, cluster: nil, incarnation: 1, epoch: 1, timestamp: 1,
                message: .heartbeat(.plain(1, .serving))),
            to: Self.node)
        #expect(gate.pass([change(bytes: 120_000), reply(1), beat]).count == 1)
        #expect(gate.beginCommit()?.count == 1)
        #expect(gate.pass([change(isVital: true), beat]).isEmpty, "nothing goes past a vote")
    }

    @Test func whatACommitDidNotWriteStillWaits() {
        var gate = DiskGate(durability: .batched, pendingBytesMax: 100_000)
        _ = gate.pass([change(bytes: 60_000)])
        _ = gate.beginCommit()
        _ = gate.failCommit()
        _ = gate.pass([change(bytes: 60_000)])
        #expect(gate.beginCommit()?.count == 2)
        #expect(gate.unfinished.count == 2, "the commit under way may fail")
        _ = gate.pass([change(bytes: 10)])
        #expect(gate.unfinished.count == 3)
        _ = gate.endCommit()
        #expect(gate.beginCommit()?.count == 1)
        _ = gate.endCommit()
        #expect(replies(gate.pass([change(bytes: 60_000), reply(1)])) == [1], "and is counted once")
    }

    @Test func aFailedCommitIsAnsweredAsSuchAndTriedAgain() {
        var gate = DiskGate(durability: .sync)
        _ = gate.pass([change(), reply(1), reply(2, .noSuchKey(context: .empty))])
        #expect(gate.beginCommit()?.count == 1)
        let freed = gate.failCommit()
        guard case .reply(_, .refused(.diskFailing)) = freed[0], case .reply(_, .noSuchKey) = freed[1] else {
            Issue.record("\(freed)")
            return
        }
        #expect(gate.isFailing)
        #expect(replies(gate.pass([reply(3, .noSuchKey(context: .empty))])) == [3], "reads go on")
        #expect(gate.beginCommit()?.count == 1, "the change is not forgotten")
        #expect(gate.endCommit().isEmpty)
        #expect(!gate.isFailing)
    }

    private static let operation = OperationID(epoch: 2, attempt: 1, coordinator: node, incarnation: 1)
    private static let ballot = Ballot(round: 1, node: node, incarnation: 1)

    /// Each says that this node has something, or will keep to something, that is on no disk.
    private static let words: [Message] = [
        .promised(operation, ballot: ballot, accepted: nil, crashVector: CrashVector([1])),
        .accepted(operation, ballot: ballot, crashVector: CrashVector([1])),
        .votes(VoteReport(voter: VoterState(memorySince: 1), promised: ballot, accepted: nil)),
        .frozen(operation, vector: VersionVector()), .staged(operation, sequence: 1),
        .committed(epoch: 2, pauseMicroseconds: 0), .replicated(VersionVector()), .handedOn(id: 1),
    ]

    /// Whether it waited for the commit that failed, or comes while the next is tried.
    @Test(arguments: Durability.allCases.filter { $0 != .memory }, [false, true])
    func nobodyIsToldOfWhatCouldNotBeKept(durability: Durability, isLate: Bool) {
        var gate = DiskGate(durability: durability)
        let words = Self.words.map(send) + [send(.commit(record(epoch: 2))), send(.epoch(record(epoch: 2)))]
        var freed = gate.pass([change(isVital: true)] + (isLate ? [] : words))
        _ = gate.beginCommit()
        freed += gate.failCommit()
        if isLate { freed += gate.pass(words) }
        #expect(messages(freed) == [])
    }

    @Test func aNodeWhoseDiskFailsGoesOnTellingWhatRestsOnNothingNew() {
        var gate = DiskGate(durability: .sync)
        _ = gate.pass([change(record: record(epoch: 1))])
        _ = gate.beginCommit()
        _ = gate.endCommit()
        _ = gate.pass([change(record: record(epoch: 2))])
        _ = gate.beginCommit()
        _ = gate.failCommit()
        let old: [Message] = [.epoch(record(epoch: 1)), .heartbeat(.plain(1, .serving)), .epochWanted]
        #expect(messages(gate.pass((old + [.epoch(record(epoch: 2))]).map(send))) == old)
        _ = gate.beginCommit()
        _ = gate.endCommit()
        #expect(messages(gate.pass([send(.epoch(record(epoch: 2)))])) == [.epoch(record(epoch: 2))])
    }

    /// The replica learns a moment later that its disk fails.
    @Test func aWriteThatIsTakenWhileTheDiskFailsIsNotAnsweredAsDone() {
        var gate = DiskGate(durability: .sync)
        _ = gate.pass([change()])
        _ = gate.beginCommit()
        _ = gate.failCommit()
        let done = Reply.created(context: .empty, shard: 0)
        let freed = gate.pass([change(), reply(1, done), send(.forwarded(id: 2, done))])
        guard case .reply(_, .refused(.diskFailing))? = freed.first else {
            Issue.record("\(freed)")
            return
        }
        #expect(messages(freed) == [.forwarded(id: 2, .refused(.diskFailing))])
    }
}
