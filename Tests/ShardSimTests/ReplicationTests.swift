import Testing

@testable import ShardCore
@testable import ShardSim

/// How members keep up with one another.
@Suite struct ReplicationTests {
    /// On slow links a member is always behind what the other's heartbeats say.
    @Test func aMemberThatIsBehindButFollowingFetchesNothing() throws {
        let cluster = SimulatedCluster(seed: 31)
        cluster.network.latencyMicroseconds = 300_000...300_000
        cluster.found(count: 2, shardCount: 1)
        #expect(settle(cluster))
        let (writer, other) = (cluster.running[0], cluster.running[1])
        var fetches = 0
        var mayPass = true
        cluster.onSend = { envelope, _ in
            if case .fetch = envelope.message { fetches += 1 }
            if case .replicate = envelope.message { return mayPass }
            return true
        }
        func write(_ numbers: Range<Int>) throws {
            for number in numbers {
                _ = try put(cluster, "k\(number)", number, at: writer)
                cluster.run(milliseconds: 50)
            }
        }
        try write(0..<100)
        #expect(fetches == 0, "what it lacks is on its way")
        // Once nothing comes any more it has to ask.
        mayPass = false
        try write(100..<160)
        #expect(fetches > 0)
        #expect(
            cluster.run(untilMilliseconds: 10_000) {
                cluster.replica(of: other)?.knowledge == cluster.replica(of: writer)?.knowledge
            })
    }

    /// It asks itself for its own shard's keys, page by page, and answers others between two pages.
    @Test func aCoordinatorReadsItsOwnShardAPageInATurn() throws {
        let cluster = founded(seed: 32, count: 4, shardCount: 1)
        let nodes = cluster.running
        for number in 0..<3_000 {
            _ = cluster.submit(.put(key: "k\(number)", value: [0x31], context: .empty), to: nodes[0])
        }
        #expect(settle(cluster))
        let replica = try #require(cluster.replica(of: nodes[0]))
        #expect(replica.store.tally.keys == 3_000)
        var collated: Set<Int> = []
        let request = try #require(
            cluster.submit(.reshard(shardCount: 2, force: false), to: replica.layout.shards[0][0]))
        #expect(
            cluster.run(untilMilliseconds: 10_000) {
                let progress = cluster.replica(of: replica.layout.shards[0][0])?.coordinator?.progress
                collated.insert(progress?.collated.first?.keys ?? 0)
                return cluster.takeReply(request) != nil
            })
        #expect(collated.filter { $0 > 0 }.count >= 3, "\(collated.sorted()): all pages in one turn")
    }
}
