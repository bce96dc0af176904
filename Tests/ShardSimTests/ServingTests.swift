import ShardCore
import ShardSim
import Testing

@Suite struct ServingTests {
    @Test func foundersServeWithoutExchangingALayout() {
        let cluster = founded(seed: 1, count: 6, shardCount: 2)
        let layouts = cluster.running.compactMap { cluster.status(of: $0)?.shards }
        #expect(Set(layouts).count == 1)
    }

    @Test func aChainOfWritesThroughAllNodesIsReadableThroughEveryOther() throws {
        let cluster = founded(seed: 2, count: 6, shardCount: 2)
        var context = CausalContext.empty
        for number in 0..<120 {
            context = try put(cluster, "k\(number)", number, at: cluster.running[number % 6], context)
        }
        for number in 0..<120 {
            let reply = cluster.ask(.get(key: "k\(number)", context: context), at: cluster.running[(number + 3) % 6])
            guard case .found(let value, let seen)? = reply else {
                Issue.record("k\(number): \(String(describing: reply))")
                continue
            }
            #expect(value == Array("\(number)".utf8))
            #expect(seen == context, "nothing was written between, so the metadata stays the same")
        }
        for node in cluster.running {
            let sum = counts(cluster, shardCount: 2, at: node).reduce(0, +)
            #expect(sum == 120)
        }
    }

    @Test func aContextBeyondWhatAnybodyHoldsIsRefusedAfterTheWait() throws {
        let cluster = founded(seed: 3, count: 4, shardCount: 2) { $0.dependencyWaitMilliseconds = 500 }
        var context = try put(cluster, "a", 1, at: cluster.running[0])
        let origin = context.vector.elements[0].origin
        context.vector.raise(origin, to: 1_000)
        for node in cluster.running {
            #expect(cluster.ask(.get(key: "a", context: context), at: node) == .refused(.dependenciesNotMet))
        }
    }

    @Test func aDeletedKeyIsAbsentAndNotCounted() throws {
        let cluster = founded(seed: 4, count: 4, shardCount: 1)
        let context = try put(cluster, "a", 1, at: cluster.running[0])
        guard case .deleted(let after, _)? = cluster.ask(.delete(key: "a", context: context), at: cluster.running[1])
        else {
            Issue.record("not deleted")
            return
        }
        for node in cluster.running {
            guard case .noSuchKey? = cluster.ask(.get(key: "a", context: after), at: node) else {
                Issue.record("\(node) still has it")
                continue
            }
        }
        #expect(counts(cluster, shardCount: 1, at: cluster.running[3]) == [0])
        guard case .noSuchKey? = cluster.ask(.delete(key: "a", context: after), at: cluster.running[2]) else {
            Issue.record("deleted twice")
            return
        }
    }

    @Test func aDeadNodeLeavesTheViewAndItsShardGoesOn() throws {
        let cluster = founded(seed: 5, count: 6, shardCount: 2)
        var context = CausalContext.empty
        for number in 0..<60 {
            context = try put(cluster, "k\(number)", number, at: cluster.running[number % 6], context)
        }
        cluster.run(milliseconds: 50)
        let dead = cluster.running[2]
        cluster.crash(dead)
        for number in 0..<60 {
            let reply = cluster.ask(.get(key: "k\(number)", context: context), at: cluster.running[number % 5])
            guard case .found? = reply else {
                Issue.record("k\(number): \(String(describing: reply))")
                continue
            }
            _ = try put(cluster, "k\(number)", 100 + number, at: cluster.running[number % 5])
        }
        cluster.run(milliseconds: 5_000)
        for node in cluster.running {
            guard case .view(let view)? = cluster.ask(.view, at: node) else { continue }
            #expect(view == cluster.running)
        }
    }

    @Test func aNodeThatReturnsWithoutItsDataCatchesUpBeforeItServes() throws {
        let cluster = founded(seed: 6, count: 4, shardCount: 2)
        let founders = cluster.running
        var context = CausalContext.empty
        for number in 0..<80 { context = try put(cluster, "k\(number)", number, at: founders[number % 4], context) }
        cluster.run(milliseconds: 100)
        cluster.crash(founders[1])
        cluster.run(milliseconds: 3_000)
        for number in 0..<40 { context = try put(cluster, "k\(number)", 500 + number, at: founders[0], context) }
        cluster.start(founders[1], view: founders, shardCount: 2)
        #expect(settle(cluster))
        let status = try #require(cluster.status(of: founders[1]))
        let other = try #require(founders.first { $0 != founders[1] && status.shards[status.shard!].contains($0) })
        #expect(status.keys == cluster.status(of: other)?.keys)
        let said = cluster.occurrences.last { $0.node == founders[1] && $0.2.kind == .serving }?.2.fact
        #expect(said == .serves(shard: status.shard, .members(entries: status.keys)))
        for number in 0..<80 {
            let reply = cluster.ask(.get(key: "k\(number)", context: context), at: founders[1])
            guard case .found(let value, _)? = reply else {
                Issue.record("k\(number): \(String(describing: reply))")
                continue
            }
            #expect(value == Array("\(number < 40 ? 500 + number : number)".utf8))
        }
    }

    @Test func aJoinerIsSeenAndServesAfterItIsAdded() throws {
        let cluster = founded(seed: 7, count: 6, shardCount: 2)
        var context = CausalContext.empty
        for number in 0..<100 {
            context = try put(cluster, "k\(number)", number, at: cluster.running[number % 6], context)
        }
        let joiner = SimulatedCluster.address(7)
        cluster.start(joiner, view: cluster.running + [joiner], shardCount: nil)
        cluster.run(milliseconds: 1_500)
        #expect(cluster.ask(.nodeShardID, at: joiner) == .refused(.notInShard))
        #expect(cluster.ask(.view, at: cluster.running[3]) == .view(cluster.running))
        #expect(cluster.ask(.addMember(joiner, shard: 1), at: cluster.running[0]) == .memberAdded)
        #expect(cluster.ask(.nodeShardID, at: joiner) == .nodeShardID(1))
        let status = try #require(cluster.status(of: joiner))
        #expect(status.epoch == 2)
        #expect(status.keys == counts(cluster, shardCount: 2, at: cluster.running[0])[1])
        for number in 0..<100 {
            guard case .found? = cluster.ask(.get(key: "k\(number)", context: context), at: joiner) else {
                Issue.record("k\(number) is gone")
                continue
            }
        }
    }

    @Test func aRemovedNodeStaysOutUntilItIsPutBack() throws {
        let cluster = founded(seed: 8, count: 6, shardCount: 1)
        let all = cluster.running
        _ = try put(cluster, "a", 1, at: all[0])
        #expect(cluster.ask(.removeFromView(all[5]), at: all[0]) == .removedFromView)
        cluster.run(milliseconds: 3_000)
        for node in all.dropLast() { #expect(cluster.ask(.view, at: node) == .view(Array(all.dropLast()))) }
        #expect(cluster.ask(.removeFromView(all[5]), at: all[1]) == .notInView)
        #expect(cluster.ask(.addToView(all[5]), at: all[1]) == .addedToView)
        cluster.run(milliseconds: 3_000)
        for node in all { #expect(cluster.ask(.view, at: node) == .view(all)) }
    }
}
