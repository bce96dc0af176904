import ShardCore
import ShardWire

/// A node's metrics in the Prometheus text format, version 0.0.4.
struct MetricsText {
    private var text = ""

    init(state: NodeState, meter: TrafficMeter, links: PeerLinks, peerLinksIn: Int) {
        let replica = state.replica
        gauge("shardnode_keys", "Keys that this node holds, deleted ones not counted.", replica.keys)
        gauge("shardnode_tombstones", "Tombstones that this node holds.", replica.tombstones)
        counter(
            "shardnode_tombstones_collected_total", "Tombstones forgotten, as everybody knew of the deletion.",
            replica.tombstonesCollected)
        gauge("shardnode_store_bytes", "Bytes of the keys and values held.", replica.bytes)
        gauge("shardnode_epoch", "The epoch of the layout in force.", replica.epoch)
        gauge("shardnode_shards", "Shards of the layout in force.", replica.shards.count)
        gauge("shardnode_shard", "The shard of this node; -1 for none.", replica.shard ?? -1)
        gauge("shardnode_peers", "Nodes known, this one included.", replica.peers.count)
        gauge("shardnode_peers_up", "Nodes up, this one included.", replica.peers.count { $0.health == .up })
        gauge("shardnode_held_writes", "Writes held by a switch of the layout.", replica.heldWrites)
        gauge("shardnode_waiting_requests", "Requests that wait for dependencies.", replica.waitingRequests)
        gauge("shardnode_hand_on_entries", "Entries that other shards own and lack.", replica.handOnEntries)
        replicationLag(replica)
        requests(meter)
        latency(meter)
        counter("shardnode_forwarded_total", "Requests passed on to an owner.", meter.forwarded)
        gauge("shardnode_connections", "Connections of clients.", state.traffic.connections)
        gauge("shardnode_peer_links_in", "Links that peers opened.", peerLinksIn)
        gauge("shardnode_peer_links_out", "Links open to peers.", links.openCount)
        gauge("shardnode_peer_queue_bytes", "Bytes that wait for peers.", links.queuedBytes)
        counter("shardnode_peer_messages_total", "Messages directed to peers.", links.sentMessages)
        counter("shardnode_peer_messages_dropped_total", "Messages lost on this side.", links.droppedMessages)
        counter(
            "shardnode_peer_messages_refused_total", "Messages of peers that said what cannot be true.",
            replica.refusedMessages ?? 0)
        if let disk = state.disk {
            gauge("shardnode_disk_pending_changes", "Changes not on the disk yet.", disk.pendingChanges)
            gauge("shardnode_disk_failing", "1 while nothing can be written.", disk.problem == nil ? 0 : 1)
            counter("shardnode_disk_commits_total", "Transactions written.", disk.commits)
            gauge(
                "shardnode_disk_commit_seconds", "How long the last one took.",
                Double(disk.lastCommitMicroseconds) / 1_000_000)
        }
        counter("shardnode_events_total", "Events recorded.", state.lastEvent)
        counter(
            "process_cpu_seconds_total", "User and system time.", Double(state.process.cpuMicroseconds) / 1_000_000)
        gauge("process_resident_memory_bytes", "Resident set.", state.process.residentBytes)
        gauge("shardnode_uptime_seconds", "Since the start.", Double(state.process.uptimeMilliseconds) / 1_000)
    }

    var bytes: [UInt8] { Array(text.utf8) }

    private mutating func replicationLag(_ replica: ReplicaStatus) {
        header("shardnode_replication_lag_writes", "Writes that the peer has not confirmed.", "gauge")
        for peer in replica.peers {
            guard let lag = peer.lagWrites else { continue }
            text += "shardnode_replication_lag_writes{peer=\"\(peer.address)\"} \(lag)\n"
        }
    }

    private mutating func requests(_ meter: TrafficMeter) {
        header("shardnode_requests_total", "Requests answered, by operation and class of status.", "counter")
        for operation in TrafficMeter.Operation.allCases {
            for statusClass in 2...5 {
                let count = meter.answers(operation, statusClass: statusClass)
                guard count > 0 || statusClass == 2 else { continue }
                text += "shardnode_requests_total{operation=\"\(operation)\",status=\"\(statusClass)xx\"} \(count)\n"
            }
        }
    }

    private mutating func latency(_ meter: TrafficMeter) {
        let name = "shardnode_request_duration_seconds"
        header(name, "Time from request to answer of the operations on keys, up to the last full second.", "histogram")
        var total: UInt64 = 0
        for (bucket, count) in meter.latencies.counts.enumerated() {
            total += count
            // Every power of two from 16 µs to 16 s.
            guard bucket % 4 == 3, (11...91).contains(bucket) else { continue }
            let bound = Double(LatencyHistogram.lowerBoundMicroseconds(bucket + 1)) / 1_000_000
            text += "\(name)_bucket{le=\"\(bound)\"} \(total)\n"
        }
        text += "\(name)_bucket{le=\"+Inf\"} \(total)\n"
        text += "\(name)_sum \(Double(meter.latencySumMicroseconds) / 1_000_000)\n\(name)_count \(total)\n"
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: some Numeric) {
        header(name, help, "gauge")
        text += "\(name) \(value)\n"
    }

    private mutating func counter(_ name: String, _ help: String, _ value: some Numeric) {
        header(name, help, "counter")
        text += "\(name) \(value)\n"
    }

    private mutating func header(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }
}
