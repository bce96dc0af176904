import Testing

@testable import ShardCore
@testable import ShardSim

/// The coordinator asks again where an answer takes long, so both may come, the first long after the second.
@Suite struct LateChangesTests {
    /// What the cluster holds of a write that was made between the last question before the freeze and the one under it,
    /// where an answer to the former comes before the one to the latter.
    private func valueAfterReshard(plantedBug: PlantedBug?) throws -> Int? {
        let cluster = founded(seed: 21, count: 4, shardCount: 2) { $0.plantedBug = plantedBug }
        let coordinator = cluster.running[0]
        let layout = try #require(cluster.replica(of: coordinator)).layout
        let source = try #require(layout.shards.first { !$0.contains(coordinator) }?.first)
        let key = try #require(
            (0..<100).map { "key\($0)" }.first { layout.shard(ofKey: $0) == layout.shard(of: source) })
        var earlier: Envelope?
        var isFreezeHeld = true
        cluster.onSend = { envelope, node in
            switch envelope.message {
            case .changed where envelope.from == source && isFreezeHeld:
                earlier = envelope
            case .change where node == source && !isFreezeHeld:
                guard let late = earlier else { break }
                earlier = nil
                cluster.schedule(.deliver(late, to: coordinator), afterMicroseconds: 1)
            case .freeze:
                return !isFreezeHeld
            default:
                break
            }
            return true
        }
        let request = try #require(cluster.submit(.reshard(shardCount: 1, force: false), to: coordinator))
        #expect(
            cluster.run(untilMilliseconds: 5_000) { cluster.replica(of: coordinator)?.coordinator?.step == .freezing })
        let page = try #require(earlier)
        guard case .changed(_, let changes) = page.message else { return nil }
        #expect(changes.isComplete && changes.records.isEmpty, "the write comes after it")
        _ = try put(cluster, key, 7, at: source)
        isFreezeHeld = false
        #expect(cluster.run(untilMilliseconds: 5_000) { cluster.replies[request] != nil })
        #expect(earlier == nil, "it came late")
        cluster.onSend = nil
        #expect(settle(cluster))
        return values(cluster, [key], at: coordinator)[key]
    }

    @Test func anAnswerToAnEarlierQuestionIsNotTakenForTheLastChanges() throws {
        #expect(try valueAfterReshard(plantedBug: nil) == 7)
        #expect(try valueAfterReshard(plantedBug: .lateChangesCount) == nil, "the mistake shows here")
    }
}
