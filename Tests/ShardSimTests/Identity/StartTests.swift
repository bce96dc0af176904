import ShardCore
import ShardWire
import Testing

@testable import ShardSim

/// Whoever starts again, in whatever way and after whomever: the wait ends.
@Suite struct StartTests {
    /// How a member comes back.
    enum Kind: String, CaseIterable, Sendable {
        /// Without a disk, with SHARD_COUNT; and without it.
        case founder, joiner
        /// With its disk; and with an empty one.
        case disk, emptyDisk

        var durability: Durability { self == .disk || self == .emptyDisk ? .sync : .memory }
        var shardCount: Int? { self == .joiner ? nil : 2 }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let first: Kind
        let second: Kind
        let isAllRestarted: Bool
        var testDescription: String { "\(first), \(second)\(isAllRestarted ? ", all" : "")" }
    }

    private static let cases = Kind.allCases.flatMap { first in
        Kind.allCases.flatMap { second in
            [false, true].map { Case(first: first, second: second, isAllRestarted: $0) }
        }
    }
    /// The longest that a wait may take where nobody is down: a silence, the wait for those that were not heard, and a fetch.
    private static let boundMilliseconds: UInt64 = 8_000

    private let nodes = (1...4).map(SimulatedCluster.address)

    private func start(_ node: NodeAddress, _ kind: Kind, _ cluster: SimulatedCluster) {
        cluster.start(node, view: nodes, shardCount: kind.shardCount, durability: kind.durability)
    }

    private func end(_ node: NodeAddress, _ kind: Kind, _ cluster: SimulatedCluster) {
        cluster.crash(node)
        if kind != .disk { cluster.loseDisk(of: node) }
    }

    @Test(arguments: cases)
    func twoMembersOfAShardServeAgain(starts: Case) throws {
        for (epochs, gap) in [(1, 0), (1, 100), (1, 700), (2, 0), (2, 100), (2, 2_500)] as [(Int, UInt64)] {
            let cluster = SimulatedCluster(seed: gap + UInt64(epochs))
            for node in nodes { start(node, .disk, cluster) }
            #expect(settle(cluster))
            for number in 0..<30 { _ = try put(cluster, "k\(number)", number, at: nodes[number % 4]) }
            if epochs > 1 { try reshard(cluster, to: 2, at: nodes[0]) }
            let layout = try #require(cluster.replica(of: nodes[0])?.recordInForce.layout)
            let others = layout.shards[0]
            for (index, node) in (layout.shards[1] + (starts.isAllRestarted ? others : [])).enumerated() {
                let kind = index % 2 == 0 ? starts.first : starts.second
                end(node, kind, cluster)
                cluster.run(milliseconds: 30)
                start(node, kind, cluster)
                cluster.run(milliseconds: gap)
            }
            let members = layout.members
            let isServing = cluster.run(everyMilliseconds: 50, untilMilliseconds: Self.boundMilliseconds) {
                members.allSatisfy { cluster.replica(of: $0)?.servingState == .serving }
            }
            let waits = members.compactMap { node in
                cluster.status(of: node).map { "\(node.host): \($0.state), \($0.wait?.description ?? "nothing")" }
            }
            // Nobody knows a layout any more: that is said, and no circle.
            let areAllLost = starts.isAllRestarted && starts.first == .joiner && starts.second == .joiner
            if areAllLost, gap > 30 || !isServing {
                #expect(waits.allSatisfy { $0.contains("a cluster") || $0.contains("serving") }, "\(waits)")
            } else {
                #expect(isServing, "epoch \(epochs), \(gap) ms apart: \(waits)")
            }
        }
    }

    /// Without the rule the circle closes: a member that starts waits for one that fetches, which waits for it to fetch.
    @Test func aMemberThatStartsBesideOneThatFetchesWouldWaitForEver() throws {
        var stuck = 0
        for gap in [0, 20, 100, 200, 400] as [UInt64] {
            let cluster = founded(seed: 3, count: 6, shardCount: 3)
            let layout = try #require(cluster.replica(of: SimulatedCluster.address(1))?.recordInForce.layout)
            for node in layout.shards.joined() {
                cluster.crash(node)
                cluster.run(milliseconds: gap)
                cluster.start(node, view: layout.members, shardCount: 3) { $0.plantedBug = .startsWaitInCircles }
            }
            let isServing = cluster.run(everyMilliseconds: 50, untilMilliseconds: 30_000) {
                cluster.running.allSatisfy { cluster.replica(of: $0)?.servingState == .serving }
            }
            if !isServing { stuck += 1 }
        }
        #expect(stuck > 0, "the mistake is not seen any more")
    }

    /// Six memory nodes, one after the other, ordered by shard: all used to wait for one another for ever.
    @Test(arguments: [100, 20, 500] as [UInt64])
    func allNodesKilledOneAfterTheOtherServeAgain(gap: UInt64) throws {
        let cluster = founded(seed: 3, count: 6, shardCount: 3)
        for number in 0..<60 {
            _ = try put(cluster, "k\(number)", number, at: SimulatedCluster.address(1 + number % 6))
        }
        let layout = try #require(cluster.replica(of: SimulatedCluster.address(1))?.recordInForce.layout)
        for node in layout.shards.joined() {
            cluster.crash(node)
            cluster.run(milliseconds: gap)
            cluster.start(node, view: layout.members, shardCount: 3)
        }
        #expect(
            cluster.run(everyMilliseconds: 50, untilMilliseconds: Self.boundMilliseconds) {
                cluster.running.allSatisfy { cluster.replica(of: $0)?.servingState == .serving }
            },
            "\(cluster.running.compactMap { cluster.status(of: $0)?.wait?.description })")
    }

    /// The start before was made by a clock that was ahead: what comes now used to be ignored for ever.
    @Test func aNodeWhoseClockIsBehindItsEarlierStartServesAgain() throws {
        let cluster = founded(seed: 4, count: 4, shardCount: 2)
        let node = SimulatedCluster.address(2)
        let earlier = try #require(cluster.status(of: node)?.incarnation)
        cluster.crash(node)
        cluster.start(node, view: (1...4).map(SimulatedCluster.address), shardCount: 2, isBehind: true)
        #expect(try #require(cluster.status(of: node)?.incarnation) < earlier)
        #expect(
            cluster.run(untilMilliseconds: Self.boundMilliseconds) {
                (cluster.status(of: node)?.incarnation ?? 0) > earlier && settle(cluster, withinMilliseconds: 0)
            })
        _ = try put(cluster, "k", 1, at: node)
        cluster.run(milliseconds: 1_000)
        for other in cluster.running { #expect(values(cluster, ["k"], at: other) == ["k": 1]) }
    }

    /// Whoever waits for what is on a node that is down says so, with what to do.
    @Test func whoWaitsForANodeThatIsDownNamesIt() throws {
        let cluster = founded(seed: 5, count: 4, shardCount: 2)
        let layout = try #require(cluster.replica(of: SimulatedCluster.address(1))?.recordInForce.layout)
        try reshard(cluster, to: 2, at: layout.members[0])
        let members = try #require(cluster.replica(of: SimulatedCluster.address(1))?.recordInForce.layout.shards[1])
        for member in members { cluster.crash(member) }
        cluster.start(members[0], view: layout.members, shardCount: 2)
        cluster.run(milliseconds: 6_000)
        let wait = cluster.status(of: members[0])?.wait?.description
        #expect(wait?.hasPrefix("\(members[1]), which may have its shard's data: start it") == true, "\(wait ?? "")")
    }
}
