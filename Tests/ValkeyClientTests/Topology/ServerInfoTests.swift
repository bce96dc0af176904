import Testing
import ValkeyClient

@Suite struct ServerInfoTests {
    private func info(_ lines: String..., statistics: String? = nil) throws -> ServerInfo {
        let text = ["# Server", "redis_version:7.0.15"] + lines
        return try #require(
            ServerInfo(
                Array(text.joined(separator: "\r\n").utf8), commandStatistics: statistics.map { Array($0.utf8) }))
    }

    @Test func aValkeyIsNotTheRedisThatItIsCompatibleWith() throws {
        let info = try info("redis_version:7.2.4", "server_name:valkey", "valkey_version:9.1.2", "server_mode:cluster")
        #expect(info.engine == .valkey)
        #expect(info.version == "9.1.2")
        #expect(info.mode == .cluster)
        #expect(try self.info("redis_mode:standalone").engine == .redis)
        #expect(try self.info("redis_mode:sentinel").mode == .sentinel)
    }

    @Test func figuresAreRead() throws {
        let info = try info(
            "used_memory:1878352", "used_memory_human:1.79M", "maxmemory:0", "instantaneous_ops_per_sec:12",
            "keyspace_hits:3", "keyspace_misses:1", "evicted_keys:7", "connected_clients:5", "# Keyspace",
            "db0:keys=100,expires=2,avg_ttl=0", "db1:keys=5,expires=0,avg_ttl=0")
        #expect(info.memoryBytes == 1_878_352)
        #expect(info.memoryBytesMax == nil)
        #expect(info.operationsPerSecond == 12)
        #expect(info.hits == 3 && info.misses == 1 && info.evictedKeys == 7 && info.clients == 5)
        #expect(info.keys == 105)
        #expect(try self.info("maxmemory:100").memoryBytesMax == 100)
    }

    @Test func aPrimaryTellsWhatItsReplicasHave() throws {
        let replication = try #require(
            try info(
                "role:master", "connected_slaves:2", "master_repl_offset:1000",
                "slave0:ip=10.0.0.1,port=7006,state=online,offset=990,lag=1,type=replica",
                "slave1:ip=fe80::1,port=7007,state=wait_bgsave,offset=0,lag=0"
            ).replication)
        #expect(!replication.isReplica)
        #expect(replication.offset == 1000)
        #expect(replication.replicas.map(\.address.description) == ["10.0.0.1:7006", "[fe80::1]:7007"])
        #expect(replication.replicas.map(\.offset) == [990, 0])
        #expect(replication.replicas.map(\.lagSeconds) == [1, 0])
    }

    @Test func aReplicaTellsItsLink() throws {
        let replication = try #require(
            try info(
                "role:slave", "master_host:127.0.0.1", "master_port:7103", "master_link_status:down",
                "master_last_io_seconds_ago:-1", "slave_repl_offset:17", "master_link_down_since_seconds:4",
                "master_repl_offset:0"
            ).replication)
        #expect(replication.isReplica && replication.isLinkUp == false && replication.linkDownSeconds == 4)
        #expect(replication.offset == 17)
        #expect(replication.heardSeconds == nil)
        #expect(replication.primary == ServerAddress("127.0.0.1:7103"))
    }

    @Test func whatDoesNotReachTheDiskIsNamed() throws {
        #expect(try info("rdb_last_bgsave_status:ok").persistence.failure == nil)
        #expect(try info("rdb_last_bgsave_status:err").persistence.failure == "the last save failed")
        #expect(try info("aof_enabled:0", "aof_last_write_status:err").persistence.failure == nil)
        #expect(
            try info("aof_enabled:1", "aof_last_write_status:err").persistence.failure
                == "the append-only file cannot be written")
    }

    @Test func loadingIsToldInPercent() throws {
        let loading = try info("loading:1", "loading_loaded_perc:43.21", "loading_eta_seconds:9").persistence
        #expect(loading.isLoading && loading.loadedPercent == 43.21 && loading.loadingSecondsLeft == 9)
        #expect(try info("loading:1", "loading_loaded_perc:nan").persistence.loadedPercent == nil)
    }

    @Test func onlyWhatChangesSlotsIsCounted() throws {
        let statistics = """
            # Commandstats
            cmdstat_cluster|setslot:calls=7,usec=9,usec_per_call=4.50,rejected_calls=0,failed_calls=0
            cmdstat_cluster|migrateslots:calls=2,usec=9,usec_per_call=4.50,rejected_calls=0,failed_calls=0
            cmdstat_cluster|nodes:calls=500,usec=782,usec_per_call=156.40,rejected_calls=0,failed_calls=0
            """
        #expect(try info(statistics: statistics).slotChanges == 9)
        #expect(try info().slotChanges == nil)
    }

    @Test func otherTextIsNone() {
        for text in ["", "hello", "HTTP/1.1 400 Bad Request", String(repeating: "a:b\n", count: 30_000)] {
            #expect(ServerInfo(Array(text.utf8)) == nil)
        }
    }

    @Test func theStateOfTheClusterIsRead() throws {
        let text = "cluster_state:fail\r\ncluster_slots_assigned:16380\r\ncluster_known_nodes:6\r\ncluster_size:3\r\n"
        let state = try #require(ClusterState(Array((text + "cluster_current_epoch:7\r\n").utf8)))
        #expect(!state.isOK && state.slotsAssigned == 16_380 && state.knownNodes == 6 && state.size == 3)
        #expect(state.currentEpoch == 7)
        #expect(ClusterState(Array("hello".utf8)) == nil)
    }
}
