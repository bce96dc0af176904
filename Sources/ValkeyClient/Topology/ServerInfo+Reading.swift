extension ServerInfo {
    /// More replicas of one primary are not listed.
    private static let replicasMax = 1_000

    /// Reads an answer to `INFO`. Nil if it is none, that is, if no field of it tells a version.
    ///
    /// - Parameter commandStatistics: the answer to `INFO commandstats`, where that was asked.
    public init?(_ text: [UInt8], commandStatistics: [UInt8]? = nil) {
        let info = InfoText(text, Self.names)
        guard let version = info.text("redis_version") ?? info.text("valkey_version") else { return nil }
        let isValkey = info.text("server_name") == "valkey" || info.text("valkey_version") != nil
        engine = isValkey ? .valkey : .redis
        self.version = (info.text("valkey_version") ?? version).printable(charactersMax: 40)
        mode = (info.text("redis_mode") ?? info.text("server_mode")).flatMap(Mode.init)
        runID = info.text("run_id")
        uptimeSeconds = info.count("uptime_in_seconds")
        cpuSeconds = info.double("used_cpu_sys").flatMap { kernel in
            info.double("used_cpu_user").map { $0 + kernel }
        }
        clients = info.count("connected_clients")
        blockedClients = info.count("blocked_clients")
        memoryBytes = info.count("used_memory")
        memoryBytesMax = info.count("maxmemory").flatMap { $0 == 0 ? nil : $0 }
        evictionPolicy = info.text("maxmemory_policy")?.printable(charactersMax: 40)
        residentBytes = info.count("used_memory_rss")
        fragmentation = info.double("mem_fragmentation_ratio")
        operationsPerSecond = info.count("instantaneous_ops_per_sec")
        commandsProcessed = info.count("total_commands_processed")
        hits = info.count("keyspace_hits")
        misses = info.count("keyspace_misses")
        evictedKeys = info.count("evicted_keys")
        expiredKeys = info.count("expired_keys")
        rejectedConnections = info.count("rejected_connections")
        slotBytesSent = info.count("total_net_cluster_slot_export_bytes")
        slotBytesReceived = info.count("total_net_cluster_slot_import_bytes")
        persistence = Persistence(info)
        replication = Replication(info, replicasMax: Self.replicasMax)
        // A server without keys lists no database.
        keys = info.parts("db").reduce(0) { sum, database in
            let (added, isOver) = sum.addingReportingOverflow(database.parts["keys"].flatMap { Int($0) } ?? 0)
            return isOver ? sum : max(added, 0)
        }
        slotChanges = commandStatistics.map(Self.slotChanges)
    }

    /// Calls of what changes who has a slot.
    private static func slotChanges(_ statistics: [UInt8]) -> UInt64 {
        InfoText(statistics, slotCommands).parts("cmdstat_").reduce(0) { sum, command in
            sum &+ (command.parts["calls"].flatMap { UInt64($0) } ?? 0)
        }
    }

    private static let slotCommands = InfoText.Names(
        Set(
            [
                "setslot", "migrateslots", "addslots", "addslotsrange", "delslots", "delslotsrange", "migration",
                "syncslots",
            ]
            .map { "cmdstat_cluster|" + $0 }))

    private static let names = InfoText.Names(
        [
            "redis_version", "valkey_version", "server_name", "redis_mode", "server_mode", "run_id",
            "used_cpu_sys", "used_cpu_user",
            "uptime_in_seconds",
            "connected_clients", "blocked_clients", "used_memory", "maxmemory", "maxmemory_policy", "used_memory_rss",
            "mem_fragmentation_ratio", "instantaneous_ops_per_sec", "total_commands_processed", "keyspace_hits",
            "keyspace_misses", "evicted_keys", "expired_keys", "rejected_connections",
            "total_net_cluster_slot_export_bytes", "total_net_cluster_slot_import_bytes", "loading", "async_loading",
            "loading_loaded_perc", "loading_eta_seconds", "rdb_last_bgsave_status", "rdb_bgsave_in_progress",
            "rdb_changes_since_last_save", "rdb_last_save_time", "aof_enabled", "aof_last_write_status",
            "aof_last_bgrewrite_status", "role", "master_host", "master_port", "master_link_status",
            "master_link_down_since_seconds", "master_last_io_seconds_ago", "master_sync_in_progress",
            "slave_repl_offset", "master_repl_offset",
        ], prefixes: ["slave", "db"])
}

extension ServerInfo.Persistence {
    fileprivate init(_ info: InfoText) {
        isLoading = info.flag("loading") == true || info.flag("async_loading") == true
        loadedPercent = isLoading ? info.double("loading_loaded_perc").map { min(max($0, 0), 100) } : nil
        loadingSecondsLeft = isLoading ? info.count("loading_eta_seconds") : nil
        lastSaveFailed = info.text("rdb_last_bgsave_status") == "err"
        isAppending = info.flag("aof_enabled") == true
        lastAppendFailed = isAppending && info.text("aof_last_write_status") == "err"
        lastRewriteFailed = isAppending && info.text("aof_last_bgrewrite_status") == "err"
        isSaving = info.flag("rdb_bgsave_in_progress") == true
        changesSinceSave = info.count("rdb_changes_since_last_save")
        lastSaveSeconds = info.count("rdb_last_save_time")
    }
}

extension ServerInfo.Replication {
    fileprivate init?(_ info: InfoText, replicasMax: Int) {
        guard let role = info.text("role") else { return nil }
        isReplica = role == "slave" || role == "replica"
        offset = isReplica ? info.count("slave_repl_offset") : info.count("master_repl_offset")
        if isReplica {
            primary = info.text("master_host").flatMap { host in
                info.integer("master_port").map { ServerAddress(host: host, port: $0) }
            }
            isLinkUp = info.text("master_link_status").map { $0 == "up" }
            linkDownSeconds = info.count("master_link_down_since_seconds")
            heardSeconds = info.count("master_last_io_seconds_ago")
            isSyncing = info.flag("master_sync_in_progress") == true
        }
        replicas = info.parts("slave").prefix(replicasMax).compactMap { _, parts in
            guard let host = parts["ip"], let port = parts["port"].flatMap({ Int($0) }) else { return nil }
            return Replica(
                address: ServerAddress(host: String(host), port: port),
                state: String(parts["state"] ?? "").printable(charactersMax: 20),
                offset: parts["offset"].flatMap { UInt64($0) }, lagSeconds: parts["lag"].flatMap { UInt64($0) })
        }
    }
}
