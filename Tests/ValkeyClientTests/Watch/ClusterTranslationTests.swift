import ClusterModel
import Testing

@testable import ValkeyClient

@Suite struct ClusterTranslationTests {
    private func translated(_ cluster: WatchHarness) -> Cluster {
        ClusterTranslation(report: cluster.report(9_000)).cluster
    }

    private func once(_ change: (inout WatchHarness) -> Void = { _ in }) -> Cluster {
        var cluster = WatchHarness(WatchHarness.small)
        change(&cluster)
        cluster.round(1_000)
        cluster.round(2_000)
        return translated(cluster)
    }

    private func condition(_ cluster: Cluster, _ number: Int) -> Member.Condition? {
        cluster.member(MemberID("10.0.0.1:700\(number)"))?.condition
    }

    @Test func replicasStandUnderTheirPrimaryAndSparesInNoShard() throws {
        let cluster = once()
        #expect(cluster.engine == Cluster.Engine(name: "Valkey", version: "9.1.2"))
        #expect(cluster.shards.count == 3 && cluster.isWhole)
        let shard = try #require(cluster.shards.first { $0.members[0].id == "10.0.0.1:7001" })
        #expect(shard.members.map(\.id) == ["10.0.0.1:7001", "10.0.0.1:7005"])
        #expect(shard.members.map(\.role) == [.primary, .replica])
        #expect(shard.members[1].primary == "10.0.0.1:7001")
        #expect(shard.slots == 5_461 && shard.keys == 10 && shard.note == nil)
        #expect(cluster.others.map(\.id) == ["10.0.0.1:7004"])
        #expect(cluster.shards.map(\.id) == cluster.shards.map(\.id).sorted())
    }

    @Test func everySlotIsInTheStripOnce() throws {
        let cluster = once { $0.nodes[2]?.slots = "5461-9999" }
        let runs = try #require(cluster.slots?.runs)
        #expect(runs.map { $0.first...$0.last } == [0...5460, 5461...9999, 10_000...10_922, 10_923...16_383])
        #expect(runs[2].shard == nil)
        #expect(cluster.troubles.map(\.short) == ["923 slots uncovered"])
        #expect(cluster.troubles.map(\.level) == [.bad])
    }

    @Test func whatIsWrongWithANodeIsSaidInAWord() {
        #expect(condition(once { $0.down = [2] }, 2) == .init(.bad, "silent"))
        #expect(
            condition(
                once {
                    $0.nodes[2]?.flags = "master,fail"
                    $0.down = [2]
                }, 2) == .init(.bad, "failed"))
        #expect(condition(once { $0.nodes[2]?.flags = "master,fail" }, 2) == .init(.bad, "cut off"))
        #expect(condition(once { $0.nodes[2]?.flags = "master,fail?" }, 2) == .init(.warning, "suspected"))
        #expect(
            condition(once { $0.nodes[2]?.info = ["loading": "1", "loading_loaded_perc": "43.9"] }, 2)
                == .init(.warning, "loading 43 %"))
        #expect(
            condition(once { $0.nodes[5]?.info["master_link_status"] = "down" }, 5) == .init(.warning, "link down"))
        #expect(
            condition(once { $0.nodes[5]?.info["master_sync_in_progress"] = "1" }, 5) == .init(.warning, "syncing"))
        #expect(
            condition(once { $0.nodes[3]?.info["rdb_last_bgsave_status"] = "err" }, 3) == .init(.warning, "saves fail"))
        #expect(condition(once { $0.nodes[8] = .init(flags: "handshake") }, 8) == .init(.warning, "handshake"))
        #expect(condition(once(), 2) == .init(.good, "up"))
    }

    @Test func whatIsOldIsNotShownAsLive() throws {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        cluster.down = [2]
        cluster.round(2_000)
        let member = try #require(translated(cluster).member("10.0.0.1:7002"))
        #expect(!member.isReachable && member.hasAnswered && member.answeredMilliseconds == 1_000)
        #expect(member.problem == "nobody listens there")
        #expect(member.keys == 10)
    }

    @Test func aShardWithoutAReplicaSaysSo() {
        let cluster = once { $0.nodes[5] = nil }
        #expect(cluster.shards.first { $0.members[0].id == "10.0.0.1:7001" }?.note == "no replica")
        let dead = once { $0.down = [5] }
        #expect(dead.shards.first { $0.members[0].id == "10.0.0.1:7001" }?.note == "no replica is up")
    }

    /// The primary hears of what a replica has once a second; the replica itself knows more.
    @Test func lagIsWhatThePrimaryWroteAndTheReplicaHasNot() throws {
        let cluster = once {
            $0.nodes[1]?.info = [
                "master_repl_offset": "1000", "slave0": "ip=10.0.0.1,port=7005,state=online,offset=400,lag=1",
            ]
            $0.nodes[5]?.info = ["slave_repl_offset": "900", "master_link_status": "up"]
        }
        let lag = try #require(cluster.member("10.0.0.1:7005")?.lag)
        #expect(lag == Member.Lag(100, .bytes, seconds: 1))
    }

    /// What was translated before is used again only where nothing changed.
    @Test func whatChangesIsTranslatedAnew() throws {
        var cluster = WatchHarness(WatchHarness.small)
        let cache = TranslationCache()
        func look(_ now: UInt64) throws -> Cluster {
            cluster.round(now)
            return ClusterTranslation(report: cluster.report(now), cache: cache).cluster
        }
        cluster.nodes[1]?.info = ["master_repl_offset": "1000"]
        cluster.nodes[5]?.info = ["slave_repl_offset": "1000"]
        #expect(try look(1_000).member("10.0.0.1:7005")?.lag?.amount == 0)
        cluster.nodes[1]?.info = ["master_repl_offset": "1500"]
        cluster.nodes[2]?.keys = 77
        var seen = try look(2_000)
        #expect(seen.member("10.0.0.1:7005")?.lag?.amount == 500)
        #expect(seen.member("10.0.0.1:7002")?.keys == 77)
        cluster.down = [3]
        cluster.nodes[1]?.open = "[93->-\(WatchHarness.text(2))]"
        seen = try look(3_000)
        #expect(seen.member("10.0.0.1:7003")?.isReachable == false)
        #expect(seen.slots?.runs.contains { $0.first == 93 && $0.target != nil } == true)
        cluster.nodes[1]?.open = ""
        #expect(try look(4_000).slots?.runs.count == 3)
    }

    @Test func aShardsIDThatIsToldLaterRenamesWhatWasTranslated() throws {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.round(1_000)
        cluster.shardIDs = [1: "ab12" + id(0).dropFirst(4)]
        var watch = cluster.watch
        let cache = TranslationCache()
        func look(_ now: UInt64) -> Cluster {
            ClusterTranslation(report: WatchReport(watch, now: now), cache: cache).cluster
        }
        let name = try #require(ShardID(text: "ab12"))
        #expect(look(1_000).member("10.0.0.1:7001")?.shard != name)
        let told = try #require(ShardIDs(cluster.reply(Command("CLUSTER", "SHARDS"), 1)))
        watch.shardNames.learn(told, of: watch.topology)
        let renamed = look(2_000)
        #expect(renamed.shards.contains { $0.id == name })
        #expect(renamed.member("10.0.0.1:7005")?.shard == name)
        #expect(renamed.slots?.runs.first?.shard == name)
    }

    @Test func memoryOperationsAndHitsAreTold() throws {
        let cluster = once {
            $0.nodes[1]?.info = [
                "used_memory": "1048576", "maxmemory": "2097152", "instantaneous_ops_per_sec": "42",
                "keyspace_hits": "75", "keyspace_misses": "25", "evicted_keys": "3",
            ]
        }
        let member = try #require(cluster.member("10.0.0.1:7001"))
        #expect(member.memoryBytes == 1_048_576 && member.memoryBytesMax == 2_097_152)
        #expect(member.operationsPerSecond == 42)
        let details = Dictionary(member.details.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(details["memory"] == "1.0 MiB of 2.0 MiB" && details["evicted"] == "3")
        // They were read before the first of the two looks.
        #expect(details["hit rate"] == "no reads")
    }

    @Test func whatAReplicaCopiesIsNoTrafficOfItsShard() throws {
        let cluster = once {
            for node in [1, 5] { $0.nodes[node]?.info = ["instantaneous_ops_per_sec": "42"] }
        }
        let shard = try #require(cluster.shards.first { $0.members.contains { $0.id == "10.0.0.1:7001" } })
        #expect(shard.members.map(\.operationsPerSecond) == [42, 42])
        #expect(shard.operationsPerSecond == 42)
    }

    @Test func versionsThatDifferAreATrouble() {
        let cluster = once { $0.nodes[3]?.info["valkey_version"] = "9.0.0" }
        #expect(cluster.troubles.map(\.long) == ["nodes run Valkey 9.1.2 on 6, Valkey 9.0.0 on 1"])
        #expect(cluster.engine.version == "9.1.2")
    }

    @Test func beforeAnybodyAnswersNothingIsTold() {
        var cluster = WatchHarness(WatchHarness.small)
        cluster.down = Set(1...7)
        cluster.round(1_000)
        let translated = translated(cluster)
        #expect(!translated.isTold && translated.shards.isEmpty)
        #expect(translated.others.map(\.condition) == [.init(.bad, "silent")])
    }

    /// 90 of 100 reads at one primary and none of 300 at another are 22.5 % together, not 45 %.
    @Test func hitsAreThoseOfAllReadsAndAGapWhereNothingIsRead() throws {
        var cluster = WatchHarness(WatchHarness.small)
        func hits(_ told: [Int: (hits: Int, misses: Int)], _ now: UInt64) -> String? {
            for (node, reads) in told {
                cluster.nodes[node]?.info["keyspace_hits"] = "\(reads.hits)"
                cluster.nodes[node]?.info["keyspace_misses"] = "\(reads.misses)"
            }
            cluster.round(now)
            return translated(cluster).facts.first { $0.name == "hits" }?.value
        }
        #expect(hits([1: (0, 0), 2: (0, 0)], 1_000) == nil)
        #expect(hits([1: (90, 10), 2: (0, 300)], 3_000) == "22.5 %")
        #expect(hits([:], 5_000) == "no reads")
    }

    @Test func ratesAreOfWhatHappenedSince() throws {
        var rates = ServerRates()
        func info(_ hits: Int, _ misses: Int, _ evicted: Int, run: String = "a") throws -> ServerInfo {
            let text =
                "redis_version:7\r\nrun_id:\(run)\r\nkeyspace_hits:\(hits)\r\nkeyspace_misses:\(misses)\r\n"
                + "evicted_keys:\(evicted)"
            return try #require(ServerInfo(Array(text.utf8)))
        }
        rates.take(try info(50, 50, 0), 1_000)
        #expect(rates.reads?.hitRate == 0.5)
        rates.take(try info(140, 60, 20), 3_000)
        #expect(rates.reads?.hitRate == 0.9 && rates.evictionsPerSecond == 10)
        // Nothing was read since, so there is no rate, and the last one is over.
        rates.take(try info(140, 60, 20), 5_000)
        #expect(rates.reads?.count == 0 && rates.reads?.words == "no reads" && rates.evictionsPerSecond == 0)
        // Started anew, it counts from nothing.
        rates.take(try info(1, 3, 0, run: "b"), 6_000)
        #expect(rates.reads?.hitRate == 0.25 && rates.evictionsPerSecond == nil)
    }
}
