import Testing

@testable import ShardCore

@Suite struct DiskGateTests {
    private static let node = NodeAddress("10.0.0.1:8081")!

    private func change(isVital: Bool = false) -> Directive {
        .persist(
            DiskChange(
                records: [],
                state: DurableState(
                    address: Self.node, incarnation: 1, record: .none, vector: VersionVector(), isWhole: true),
                isVital: isVital))
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

    @Test func nobodyIsToldOfAVoteThatCouldNotBeKept() {
        var gate = DiskGate(durability: .batched)
        let operation = OperationID(epoch: 2, attempt: 1, coordinator: Self.node, incarnation: 1)
        let vote = Directive.send(
            Envelope(
                from: Self.node, incarnation: 1, epoch: 1, timestamp: 0,
                message: .accepted(
                    operation, ballot: Ballot(round: 1, node: Self.node, incarnation: 1),
                    crashVector: CrashVector([1]))),
            to: Self.node)
        #expect(gate.pass([change(isVital: true), vote]).isEmpty)
        _ = gate.beginCommit()
        #expect(gate.failCommit().isEmpty)
    }
}
