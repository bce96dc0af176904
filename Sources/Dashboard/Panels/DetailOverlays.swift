import ClusterModel
import TerminalUI
import Wording

/// The particulars of one node or shard.
extension Drawing {
    private func row(_ name: String, _ value: String, _ style: Style? = nil) -> [Span] {
        [Span(name.padded(to: max(13, name.columns + 1)), theme.muted), Span(value, style ?? theme.plain)]
    }

    func lines(of address: MemberID) -> [[Span]] {
        guard let member = model.overview.member(address), member.isPolled else {
            return [[Span("It was never asked.", theme.muted)]]
        }
        var lines: [[Span]] = []
        // If the label is shorter than the address, the whole address stands here.
        if labels[address] != address.description { lines.append(row("address", address.description)) }
        lines.append(row("health", model.words(of: member), style(of: member)))
        if let problem = member.problem { lines.append(row("problem", labels.shortened(problem), theme.bad)) }
        if !member.hasAnswered {
            lines.append([Span("It has not answered yet.", theme.muted)])
        } else if !member.isReachable, !model.overview.isBasic {
            lines.append([Span("What it said last:", theme.warning)])
        }
        for fact in member.details {
            lines.append(
                row(fact.name, labels.shortened(fact.value), fact.level == .good ? nil : theme.style(of: fact.level)))
        }
        return lines + [[], [Span("Esc goes back, up and down go on", theme.muted)]]
    }

    func lines(ofShard id: ShardID) -> [[Span]] {
        guard let shard = model.overview.shards.first(where: { $0.id == id }) else {
            return [[Span("There is no such shard any more.", theme.muted)]]
        }
        var lines = [row("keys", shard.keys.map(Figures.count) ?? "not told")]
        if let (share, deviation) = model.overview.share(of: shard) {
            lines.append(row("share", "\(Figures.percent(share)), \(Figures.signedPercent(deviation)) against even"))
        }
        if let slots = shard.slots { lines.append(row("slots", Figures.count(slots))) }
        let memory = shard.members.first { $0.role != .replica }?.memoryBytes
        if let memory { lines.append(row("memory", Figures.bytes(memory))) }
        if shard.tellsTraffic {
            let (reads, writes) = (Figures.rate(shard.readsPerSecond), Figures.rate(shard.writesPerSecond))
            lines.append(
                row(
                    "serves",
                    shard.tellsReads
                        ? "\(reads) reads/s, \(writes) writes/s"
                        : "\(Figures.rate(shard.operationsPerSecond)) operations/s, those of this program among them"))
        }
        lines.append([])
        var table = SpanTable([.left, .left, .right])
        for member in shard.members {
            table.add([
                [Span(mark(of: member) + " ", style(of: member)), Span(labels[member.id])],
                [Span(model.words(of: member), style(of: member))],
                [Span(member.keys.map { Figures.plural($0, "key") } ?? "", theme.muted)],
            ])
        }
        lines += table.lines
        return lines + [[], [Span("Esc goes back, up and down go on", theme.muted)]]
    }
}
