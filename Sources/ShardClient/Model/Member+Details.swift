import ClusterModel
import ShardCore
import ShardWire
import Wording

extension Member {
    /// The facts that a node tells of itself, for its own page.
    static func details(_ node: ClusterSnapshot.Node) -> [Fact] {
        switch node.answer {
        case nil: []
        case .basic(let state):
            [
                Fact("speaks", "the \(state.family.rawValue) names, basic endpoints only"),
                Fact("view", Figures.plural(state.view.count, "node")),
                Fact("shard", state.shard?.description ?? (state.isUnplaced == true ? "none" : "it does not say")),
            ]
        case .full(let state): details(state)
        }
    }

    private static func details(_ state: NodeState) -> [Fact] {
        let replica = state.replica
        let traffic = state.traffic
        var facts = [
            Fact("shard", replica.shard.map { "\($0)" } ?? "none"),
            Fact(
                "epoch, seed",
                "\(EpochNumber.words(replica.epoch)), \(replica.seed) (nodes \(replica.placement.rawValue))"),
            Fact(
                "holds",
                "\(Figures.plural(replica.keys, "key")), \(Figures.plural(replica.tombstones, "tombstone")), \(Figures.bytes(replica.bytes))"
            ),
            Fact(
                "serves",
                "\(Figures.rate(traffic.readsPerSecond)) reads/s, \(Figures.rate(traffic.writesPerSecond)) writes/s, \(Figures.plural(traffic.connections, "connection"))"
            ),
        ]
        if let median = traffic.latencyMicrosecondsP50, let tail = traffic.latencyMicrosecondsP99 {
            facts.append(Fact("latency", "p50 \(Figures.duration(median)), p99 \(Figures.duration(tail))"))
        }
        facts.append(
            Fact(
                "process",
                "\(state.process.id), CPU \(Figures.percent(state.process.cpuShare)), \(Figures.bytes(Int(clamping: state.process.residentBytes)))"
            ))
        if let disk = state.disk {
            facts.append(
                Fact(
                    "disk",
                    disk.problem
                        ?? "\(disk.durability.rawValue), \(Figures.plural(disk.pendingChanges, "change")) on the way",
                    level: disk.problem == nil ? .good : .bad))
        }
        if replica.heldWrites + replica.waitingRequests + replica.handOnEntries > 0 {
            facts.append(
                Fact(
                    "waiting",
                    "\(Figures.plural(replica.heldWrites, "held write")), \(Figures.plural(replica.waitingRequests, "request")), \(Figures.plural(replica.handOnEntries, "entry")) to hand on",
                    level: .warning))
        }
        for peer in replica.peers.filter({ ($0.lagWrites ?? 0) > 0 }).prefix(4) {
            let lag = Figures.count(Int(clamping: peer.lagWrites ?? 0))
            facts.append(Fact("lag", "\(peer.address) lacks \(lag) of its writes", level: .warning))
        }
        return facts + [Fact("version", state.version)]
    }
}

extension Figures {
    /// The words for a duration that another program sent, which may be anything.
    fileprivate static func duration(_ microseconds: Double) -> String {
        duration(microseconds: UInt64(min(max(0, microseconds.isFinite ? microseconds : 0), 1e15)))
    }
}
