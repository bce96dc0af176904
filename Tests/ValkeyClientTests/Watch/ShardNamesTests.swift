import ClusterModel
import Testing

@testable import ValkeyClient

@Suite struct ShardNamesTests {
    private func name(_ cluster: WatchHarness, _ node: Int) -> String {
        cluster.watch.shardNames.id(of: WatchHarness.id(node)).text
    }

    @Test func shardsAreNamedByAsManyDigitsAsTellThemApart() throws {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        #expect((1...4).map { name(cluster, $0) } == (1...4).map { String(WatchHarness.text($0).prefix(4)) })
        // Ids that differ in their last digits alone.
        let view = try NodesView(line(slots: "0-9") + "\n" + line(id: id(2), flags: "master", slots: "10-16383"))
        var names = ShardNames()
        names.follow(from: nil, to: Topology(merging: [view]))
        let texts = try [id(1), id(2)].map { names.id(of: try #require(NodeID($0))).text }
        #expect(texts == ["0000", "00000"])
    }

    @Test func shardsKeepTheirNamesWhenReplicasTakeOver() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        let before = (1...3).map { name(cluster, $0) }
        for (primary, replica) in [(1, 5), (2, 6), (3, 7)] {
            cluster.nodes[replica] = WatchHarness.Node(epoch: 30, slots: WatchHarness.small[primary]?.slots ?? "")
            cluster.nodes[primary] = WatchHarness.Node(flags: "slave", primary: replica, epoch: 30)
        }
        cluster.round(2_000)
        #expect((5...7).map { name(cluster, $0) } == before)
        // And hand back.
        for node in [1, 2, 3, 5, 6, 7] { cluster.nodes[node] = WatchHarness.small[node] }
        for node in 1...3 { cluster.nodes[node]?.epoch = 40 }
        cluster.round(3_000)
        #expect((1...3).map { name(cluster, $0) } == before)
    }

    @Test func aReplicaThatTookOverSinceAnEarlierLookHasItsShardsName() throws {
        func topology(_ lines: String...) throws -> Topology {
            Topology(merging: [try NodesView(lines.joined(separator: "\n"))])
        }
        let before = try topology(
            line(slots: "0-9"), line(id: id(2), flags: "slave", primary: id(1), slots: ""),
            line(id: id(3), flags: "master", slots: "10-16383"))
        let now = try topology(
            line(flags: "myself,slave", primary: id(2), slots: ""), line(id: id(2), flags: "master", slots: "0-9"),
            line(id: id(3), flags: "master", slots: "10-16383"))
        var names = ShardNames()
        names.follow(from: nil, to: before)
        let ids = try (1...3).map { try #require(NodeID(id($0))) }
        #expect(names.id(of: ids[1], since: before, now: now) == names.id(of: ids[0]))
        #expect(names.id(of: ids[2], since: before, now: now) == names.id(of: ids[2]))
        #expect(names.id(of: ids[0], since: before, now: before) == names.id(of: ids[0]))
    }

    @Test func aNameGivenBeforeAnythingWasToldGivesWayToWhatOthersCallTheShard() throws {
        let (node, listed) = (try #require(NodeID(id(1))), try listed)
        let topology = Topology(merging: [try NodesView(line(slots: "0-16383"))])
        var names = ShardNames()
        names.follow(from: nil, to: topology)
        #expect(names.id(of: node) != ShardID(text: "ab12"))
        names.learn(try #require(ShardIDs(listed)), of: topology)
        #expect(names.id(of: node) == ShardID(text: "ab12"))
    }

    /// Node 1 is in the shard whose id begins with ab12.
    private var listed: RESPValue {
        get throws {
            let shard = "ab12" + id(0).dropFirst(4)
            return .array([
                .array([
                    .bulk(Array("nodes".utf8)),
                    .array([.array([.bulk(Array("id".utf8)), .bulk(Array(id(1).utf8))])]),
                    .bulk(Array("id".utf8)), .bulk(Array(shard.utf8)),
                ])
            ])
        }
    }

    @Test func whatNodesTellOfTheirShardsCountsMoreThanTheirIDs() throws {
        let (node, listed) = (try #require(NodeID(id(1))), try listed)
        let topology = Topology(merging: [try NodesView(line(slots: "0-16383"))])
        var names = ShardNames()
        #expect(names.lacksAny(of: topology))
        names.learn(try #require(ShardIDs(listed)), of: topology)
        #expect(!names.lacksAny(of: topology))
        names.follow(from: nil, to: topology)
        #expect(names.id(of: node) == ShardID(text: "ab12"))
    }
}
