import ValkeyClient

extension PaperState {
    /// An answer to INFO, of the sections that were asked for, else of all but the commands' statistics.
    func info(_ node: Int, _ command: PaperCommand) -> String {
        let asked = Set(command.words.dropFirst().map { $0.lowercased() })
        let everything = !asked.isDisjoint(with: ["all", "everything"])
        let sections = sections(node).filter { section in
            everything || asked.contains(section.name)
                || (asked.isEmpty || asked.contains("default")) && section.name != "commandstats"
        }
        return sections.map { section in
            let fields = section.fields.compactMap { field -> String? in
                let value = nodes[node].info[field.0] ?? field.1
                return value.isEmpty ? nil : "\(field.0):\(value)\r\n"
            }
            let title = section.name.prefix(1).uppercased() + section.name.dropFirst()
            return "# \(title)\r\n\(fields.joined())"
        }.joined(separator: "\r\n")
    }

    private func sections(_ index: Int) -> [(name: String, fields: [(String, String)])] {
        let node = nodes[index]
        let keys = keyCount(index)
        let calls = node.commandCounts.values.reduce(0, +)
        let own =
            engine.isValkey
            ? [("redis_version", "7.2.4"), ("server_name", "valkey"), ("valkey_version", engine.version)]
            : [("redis_version", engine.version)]
        return [
            (
                "server",
                own + [
                    (engine.isValkey ? "server_mode" : "redis_mode", "cluster"), ("run_id", node.id),
                    ("tcp_port", "\(node.port)"), ("uptime_in_seconds", "100"),
                ]
            ),
            ("clients", [("connected_clients", "1"), ("blocked_clients", "0")]),
            (
                "memory",
                [
                    ("used_memory", "\(2_000_000 + 100 * keys)"), ("used_memory_rss", "\(4_000_000 + 100 * keys)"),
                    ("maxmemory", "0"), ("maxmemory_policy", "noeviction"), ("mem_fragmentation_ratio", "1.10"),
                ]
            ),
            (
                "persistence",
                [
                    ("loading", node.isLoading ? "1" : "0"), ("rdb_bgsave_in_progress", "0"),
                    ("rdb_last_bgsave_status", "ok"), ("aof_enabled", "0"), ("aof_last_write_status", "ok"),
                ]
            ),
            (
                "stats",
                [
                    ("total_commands_processed", "\(calls)"), ("instantaneous_ops_per_sec", "0"),
                    ("keyspace_hits", "0"), ("keyspace_misses", "0"), ("evicted_keys", "0"),
                ] + jobBytes(index)
            ),
            ("replication", replication(index)),
            (
                "commandstats",
                node.commandCounts.sorted { $0.key < $1.key }.map {
                    ("cmdstat_\($0.key)", "calls=\($0.value),usec=1,usec_per_call=1.00,rejected_calls=0,failed_calls=0")
                }
            ),
            ("cluster", [("cluster_enabled", "1")]),
            ("keyspace", keys == 0 ? [] : [("db0", "keys=\(keys),expires=0,avg_ttl=0")]),
        ]
    }

    /// A hundred bytes for each state that a job has come to.
    private func jobBytes(_ node: Int) -> [(String, String)] {
        guard engine.isValkey else { return [] }
        func bytes(_ jobs: [PaperJob]) -> String {
            "\(jobs.reduce(0) { $0 + 100 * min($1.state.rawValue, PaperJob.State.success.rawValue) })"
        }
        return [
            ("total_net_cluster_slot_export_bytes", bytes(jobs.filter { $0.source == node })),
            ("total_net_cluster_slot_import_bytes", bytes(jobs.filter { $0.target == node })),
        ]
    }

    private func replication(_ index: Int) -> [(String, String)] {
        if let primary = nodes[index].primary {
            return [
                ("role", "slave"), ("master_host", "127.0.0.1"), ("master_port", "\(nodes[primary].port)"),
                ("master_link_status", nodes[primary].isRunning ? "up" : "down"), ("master_last_io_seconds_ago", "0"),
                ("master_sync_in_progress", "0"), ("slave_repl_offset", "1000"), ("connected_slaves", "0"),
                ("master_repl_offset", "1000"),
            ]
        }
        let replicas = replicas(of: index).filter { nodes[$0].isRunning }
        return [("role", "master"), ("connected_slaves", "\(replicas.count)")]
            + replicas.enumerated().map { place, replica in
                ("slave\(place)", "ip=127.0.0.1,port=\(nodes[replica].port),state=online,offset=1000,lag=0")
            } + [("master_repl_offset", "1000")]
    }
}
