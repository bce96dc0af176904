import ClusterModel
import ShardCore
import ShardWire
import Testing

@testable import ShardClient

@Suite struct InferredReshardTests {
    private var inferred = InferredReshard()
    private var clock: UInt64 = 1_000_000

    private static func node(_ number: Int) -> NodeAddress { NodeAddress("10.0.0.\(number):1")! }

    /// One round of polls, a second after the last: the number of shards that each of the nodes lists; nil for one that
    /// tells its own shard only.
    private mutating func round(_ counts: [Int?], after milliseconds: UInt64 = 1_000) {
        clock += milliseconds
        let nodes = counts.enumerated().map { index, count in
            var state = BasicNodeState(
                family: .short, view: [], shard: 0, shards: (0..<(count ?? 1)).map { .init(id: ShardID($0)) })
            state.listsShards = count != nil
            return (address: Self.node(index), state: state)
        }
        inferred.observe(nodes, nowMilliseconds: clock, uptimeMilliseconds: clock - 1_000_000)
    }

    @Test mutating func `one node that does not list the shards is no change`() {
        round([2, 2, 2])
        round([2, 2, nil])
        round([nil, 2, nil])
        round([nil, nil, nil])
        round([2, 2, 2])
        #expect(inferred.change == nil)
    }

    @Test mutating func `one node that lists others is no change`() {
        round([2, 2, 2, 2])
        round([2, 2, 2, 3])
        round([2, 2, 3, 3])
        #expect(inferred.change == nil)
    }

    @Test mutating func `what most nodes list is one, seen between two polls, and it ends when all agree`() throws {
        round([2, 2, 2])
        round([2, 3, 3])
        var change = try #require(inferred.change)
        #expect(change.state == .underWay)
        #expect(change.fromShardCount == 2 && change.toShardCount == 3)
        #expect(change.asked == nil, "whom somebody asked is not known")
        #expect(change.dissenters == [MemberID(Self.node(0))])
        #expect(change.afterMilliseconds == 1_001_000 && change.sinceMilliseconds == 1_002_000)
        #expect(
            change.sentences { "\($0)" } == [
                "seen between the polls of 1001000 and 1002000", "10.0.0.0:1 still lists others",
            ])
        round([3, 3, 3])
        change = try #require(inferred.change)
        #expect(change.state == .done && change.dissenters.isEmpty)
        let end = change
        round([3, 3, 3])
        #expect(inferred.change == end, "nothing more is told of it")
    }

    @Test mutating func `one that is over between two polls is told once`() {
        round([2, 2, 2])
        round([3, 3, 3])
        #expect(inferred.change?.state == .done)
        #expect(inferred.change?.title == "2 to 3 shards")
    }

    @Test mutating func `nodes that never agree are not waited for`() {
        round([2, 2, 2])
        round([2, 3, 3])
        for _ in 0..<31 { round([2, 3, 3]) }
        #expect(inferred.change?.state == .done)
        #expect(inferred.change?.dissenters == [MemberID(Self.node(0))])
    }

    @Test mutating func `where no majority is left it ends as unclear`() {
        round([2, 2, 2, 2])
        round([3, 3, 3, 2])
        for _ in 0..<31 { round([3, 3, 2, nil]) }
        #expect(inferred.change?.state == .unclear)
    }

    @Test mutating func `the clock set back does not make it stay`() {
        round([2, 2, 2])
        round([2, 3, 3])
        let uptime = clock
        for second in 0..<31 {
            var state = BasicNodeState(family: .short, view: [], shard: 0, shards: [.init(id: 0), .init(id: 1)])
            state.listsShards = true
            inferred.observe(
                [(Self.node(0), state)], nowMilliseconds: 5, uptimeMilliseconds: uptime + UInt64(second) * 1_000)
        }
        #expect(inferred.change?.state.isEnd == true)
    }

    @Test mutating func `one of our own ends with the answer, and what is listed later is no second one`() throws {
        round([2, 2, 2])
        inferred.began(asked: Self.node(0), shardCount: 3, nowMilliseconds: clock)
        round([2, 2, 3])
        #expect(inferred.change?.state == .underWay)
        inferred.ended(error: nil, nowMilliseconds: clock)
        let end = try #require(inferred.change)
        #expect(end.state == .done && end.asked == MemberID(Self.node(0)))
        round([2, 3, 3])
        round([3, 3, 3])
        #expect(inferred.change == end)
        round([1, 1, 1])
        #expect(inferred.change?.title == "3 to 1 shard")
    }

    @Test mutating func `one of our own that fails says why`() {
        inferred.began(asked: Self.node(0), shardCount: 3, nowMilliseconds: clock)
        inferred.ended(error: "answered 400 'too few'", nowMilliseconds: clock)
        #expect(inferred.change?.state == .failed)
        #expect(inferred.change?.title == "to 3 shards", "how many there were is not known")
        #expect(
            inferred.change?.sentences { _ in "now" } == [
                "asked of 10.0.0.0:1 at now", "it failed: answered 400 'too few'",
            ])
    }
}
