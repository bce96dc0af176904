import ShardCore
import ShardWire
import TerminalUI

/// The particulars of one node or shard.
extension Drawing {
    private func row(_ name: String, _ value: String, _ style: Style? = nil) -> [Span] {
        [Span(name.padded(to: 13), theme.muted), Span(value, style ?? theme.plain)]
    }

    func lines(of address: NodeAddress) -> [[Span]] {
        guard let node = model.snapshot?.nodes.first(where: { $0.address == address }) else {
            return [[Span("It was never asked.", theme.muted)]]
        }
        let member = model.overview.members.first { $0.address == address }
        var lines: [[Span]] = []
        // Where the rest of the screen says less, all of it stands here.
        if labels[address] != address.description { lines.append(row("address", address.description)) }
        if let member {
            lines.append(row("health", model.words(of: member), style(of: member)))
        }
        if let problem = node.problem { lines.append(row("problem", labels.shortened(problem), theme.bad)) }
        switch node.answer {
        case nil: lines.append([Span("It has not answered yet.", theme.muted)])
        case .basic(let state):
            lines.append(row("speaks", "the \(state.family.rawValue) names, basic endpoints only"))
            lines.append(row("view", Figures.plural(state.view.count, "node")))
            lines.append(
                row("shard", state.shard?.description ?? (state.isUnplaced == true ? "none" : "it does not say")))
        case .full(let state):
            if !node.isReachable { lines.append([Span("What it said last:", theme.warning)]) }
            lines += particulars(of: state)
        }
        return lines + [[], [Span("Esc goes back, up and down go on", theme.muted)]]
    }

    private func particulars(of state: NodeState) -> [[Span]] {
        let replica = state.replica
        let traffic = state.traffic
        var lines = [
            row("shard", replica.shard.map { "\($0)" } ?? "none"),
            row(
                "epoch, seed",
                "\(EpochNumber.words(replica.epoch)), \(replica.seed) (nodes \(replica.placement.rawValue))"),
            row(
                "holds",
                "\(Figures.plural(replica.keys, "key")), \(Figures.plural(replica.tombstones, "tombstone")), \(Figures.bytes(replica.bytes))"
            ),
            row(
                "serves",
                "\(Figures.rate(traffic.readsPerSecond)) reads/s, \(Figures.rate(traffic.writesPerSecond)) writes/s, \(Figures.plural(traffic.connections, "connection"))"
            ),
        ]
        if let median = traffic.latencyMicrosecondsP50, let tail = traffic.latencyMicrosecondsP99 {
            lines.append(
                row(
                    "latency",
                    "p50 \(Figures.duration(microseconds: UInt64(max(0, median)))), p99 \(Figures.duration(microseconds: UInt64(max(0, tail))))"
                ))
        }
        lines.append(
            row(
                "process",
                "\(state.process.id), CPU \(Figures.percent(state.process.cpuShare)), \(Figures.bytes(Int(clamping: state.process.residentBytes)))"
            ))
        if let disk = state.disk {
            lines.append(
                row(
                    "disk",
                    disk.problem
                        ?? "\(disk.durability.rawValue), \(Figures.plural(disk.pendingChanges, "change")) on the way",
                    disk.problem == nil ? nil : theme.bad))
        }
        if replica.heldWrites + replica.waitingRequests + replica.handOnEntries > 0 {
            lines.append(
                row(
                    "waiting",
                    "\(Figures.plural(replica.heldWrites, "held write")), \(Figures.plural(replica.waitingRequests, "request")), \(Figures.plural(replica.handOnEntries, "entry")) to hand on",
                    theme.warning))
        }
        let lagging = replica.peers.filter { ($0.lagWrites ?? 0) > 0 }
        for peer in lagging.prefix(4) {
            lines.append(
                row(
                    "lag",
                    "\(labels[peer.address]) lacks \(Figures.count(Int(clamping: peer.lagWrites ?? 0))) of its writes",
                    theme.warning))
        }
        lines.append(row("version", state.version))
        return lines
    }

    func lines(ofShard id: ShardID) -> [[Span]] {
        guard let shard = model.overview.shards.first(where: { $0.id == id }) else {
            return [[Span("There is no such shard any more.", theme.muted)]]
        }
        var lines = [row("keys", shard.keys.map(Figures.count) ?? "not told")]
        if let (share, deviation) = model.overview.share(of: shard) {
            lines.append(row("share", "\(Figures.percent(share)), \(Figures.signedPercent(deviation)) against even"))
        }
        if shard.tellsTraffic {
            lines.append(
                row(
                    "serves",
                    "\(Figures.rate(shard.readsPerSecond)) reads/s, \(Figures.rate(shard.writesPerSecond)) writes/s"))
        }
        lines.append([])
        var table = SpanTable([.left, .left, .right])
        for member in shard.members {
            table.add([
                [Span(mark(of: member) + " ", style(of: member)), Span(labels[member.address])],
                [Span(model.words(of: member), style(of: member))],
                [Span(member.keys.map { Figures.plural($0, "key") } ?? "", theme.muted)],
            ])
        }
        lines += table.lines
        return lines + [[], [Span("Esc goes back, up and down go on", theme.muted)]]
    }
}
