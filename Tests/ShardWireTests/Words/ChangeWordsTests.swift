import ShardCore
import ShardWire
import Testing

/// The core says facts; here they get their words.
@Suite struct ChangeWordsTests {
    private static let node = NodeAddress("10.0.0.1:8081")!
    private static let other = NodeAddress("10.0.0.2:8081")!

    private func report(_ awaited: Awaited?, _ refusal: Refusal?) -> ReshardProgress {
        var report = ChangeReport(
            ReshardProgress(
                operation: "x", kind: .reshard, coordinator: Self.node, fromEpoch: 1, toEpoch: 2, fromShardCount: 2,
                toShardCount: 3, phase: .check, startedMilliseconds: 7))
        (report.awaited, report.refusal) = (awaited, refusal)
        return report.told
    }

    @Test func figuresAreToldWithWhatTheChangeWaitsForAndWhyItFailed() {
        #expect(report(nil, nil).waitingFor == nil && report(nil, nil).error == nil)
        #expect(
            report(.promises([Self.node, Self.other]), nil).waitingFor
                == "the promise of 10.0.0.1:8081, 10.0.0.2:8081")
        #expect(report(nil, .changeFailed(.tooFewAccepted)).error == "too few members accepted in time")
        #expect(report(nil, .shardDown(shard: 1)).error == "Shard is down: no member of shard 1 can serve it now")
        #expect(
            Refusal.changeFailed(.aborted).description == "The old layout stays in force: aborted by an operator")
    }

    @Test func eventsNameTheNodeTheGoalAndTheCause() {
        func text(_ fact: Occurrence.Fact) -> String { Occurrence(Self.node, fact).text }
        #expect(text(.wentSilent(milliseconds: 2_000)) == "10.0.0.1:8081 is down: silent for over 2 s")
        #expect(text(.serves(shard: 1, .members(entries: 1))) == "10.0.0.1:8081 serves shard 1 after fetching 1 entry")
        #expect(text(.enteredPhase(nil, .freeze)) == "change: freeze")
        #expect(
            text(.startsOver(.removeMember(Self.other), .cameBack(Self.other)))
                == "removing 10.0.0.2:8081 starts over: 10.0.0.2:8081 came back during it")
        #expect(
            text(.failedChange(.reshard(shardCount: 3), .changeFailed(.wentDown([Self.node, Self.other]))))
                == "reshard to 3 shards failed: 10.0.0.1:8081, 10.0.0.2:8081 went down during it")
    }
}
