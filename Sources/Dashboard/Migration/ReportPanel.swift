import ShardCore
import ShardWire
import TerminalUI

/// What came of a reshard, checked against what the nodes say now.
extension Drawing {
    private struct Finding {
        var text: String
        var isGood: Bool
        /// True while the nodes are still being asked.
        var isPending = false
    }

    /// As much as there are rows for, from where it is scrolled to.
    func drawReport(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        let lines = reportLines(reshard, width: rect.width)
        // The last row says then how many there are below.
        let rows = lines.count > rect.height ? rect.height - 1 : rect.height
        let first = min(model.migrationScroll, max(0, lines.count - rows))
        canvas.note(overflow: lines.count - rows, of: Target(Place.pane(.migration)))
        for (row, line) in lines.dropFirst(first).prefix(rows).enumerated() {
            canvas.put(line, x: rect.x, y: rect.y + row, width: rect.width)
        }
        guard lines.count > rect.height, !rect.isEmpty else { return }
        let below = Figures.plural(lines.count - rows - first, "more line")
        let text = model.pane == .migration ? "\(below) below" : "\(below): Tab, down"
        canvas.put(text, x: rect.x, y: rect.bottom - 1, style: theme.warning, width: rect.width)
    }

    func reportLines(_ reshard: ReshardProgress, width: Int) -> [[Span]] {
        var lines: [[Span]]
        if reshard.phase != .done {
            lines = [
                [
                    Span("\(reshard.phase.rawValue): ", theme.bad),
                    Span(reshard.error ?? "no reason given", theme.plain),
                ],
                [
                    Span(
                        "The layout of epoch \(EpochNumber.words(reshard.fromEpoch)) stays in force; nothing was moved.",
                        theme.muted)
                ],
            ]
        } else {
            let findings = findings(reshard)
            lines = [[verdict(findings), Span("  ")] + summary(reshard)]
            // What is wrong comes first: it is what there may be no room for otherwise.
            for finding in findings.filter({ !$0.isGood }) + findings.filter(\.isGood) {
                lines.append([sign(of: finding), Span(" " + finding.text, theme.plain)])
            }
        }
        lines.append([Span("Esc puts this away.", theme.muted)])
        return lines.flatMap { $0.wrapped(to: width, indent: 2) }
    }

    private func verdict(_ findings: [Finding]) -> Span {
        if findings.allSatisfy(\.isGood) {
            // Of nodes that tell little, little is known.
            let word = isInferred ? "looks clean" : "clean"
            return Span("\(theme.marks.done) \(word)", theme.good.adding(.bold))
        }
        if findings.allSatisfy({ $0.isGood || $0.isPending }) {
            return Span("\(theme.marks.running) checking", theme.accent.adding(.bold))
        }
        return Span("\(theme.marks.bad) not clean yet", theme.bad)
    }

    private func sign(of finding: Finding) -> Span {
        if finding.isPending { return Span(theme.marks.running, theme.accent) }
        return Span(finding.isGood ? theme.marks.done : theme.marks.bad, finding.isGood ? theme.good : theme.bad)
    }

    private func summary(_ reshard: ReshardProgress) -> [Span] {
        let crossing = reshard.moves.filter { $0.from != $0.to }.reduce(0) { $0 + $1.planned }
        let all = reshard.moves.reduce(0) { $0 + $1.planned }
        var parts: [[Span]] = []
        if all > 0 {
            parts.append([
                Span(Figures.count(crossing), theme.strong), Span(" of \(Figures.count(all)) keys changed shard"),
            ])
        }
        if let finished = reshard.finishedMilliseconds {
            let taken = finished - min(finished, reshard.startedMilliseconds)
            parts.append([Span("in "), Span(Figures.duration(microseconds: taken * 1_000), theme.strong)])
        }
        if let pause = reshard.writePauseMicroseconds {
            parts.append([Span("writes held "), Span(Figures.duration(microseconds: pause), theme.strong)])
        }
        // The comma stays with what is before it where the line is wrapped.
        for index in parts.indices.dropLast() { parts[index][parts[index].count - 1].text += "," }
        return Array(parts.joined(separator: [Span(" ")]))
    }

    private func findings(_ reshard: ReshardProgress) -> [Finding] {
        let overview = model.overview
        var findings = [nodesFinding(reshard)]
        if let finding = keysFinding(reshard) { findings.append(finding) }
        let uneven = overview.shards.filter { !$0.isEven }
        findings.append(
            Finding(
                text: uneven.isEmpty
                    ? isInferred
                        ? "all nodes tell the same key counts"
                        : "the members of every shard hold the same number of keys"
                    : "members still differ in shard \(uneven.map { "\($0.id)" }.joined(separator: ", "))",
                isGood: uneven.isEmpty))
        findings += readBackFindings(reshard)
        guard !isInferred else { return findings }
        let unmoved = reshard.moves.filter { $0.moved < $0.planned }
        findings.append(
            Finding(
                text: unmoved.isEmpty
                    ? "every node confirmed the whole of its portion"
                    : "\(unmoved.count) pairs of shards were not confirmed in full",
                isGood: unmoved.isEmpty))
        return findings
    }

    /// Every member of the layout must be there, as well as in the epoch and view of the others.
    private func nodesFinding(_ reshard: ReshardProgress) -> Finding {
        let members = model.overview.shards.flatMap(\.members)
        let others = model.overview.others.filter { !$0.condition.isBad }
        let apart = (members + others).filter { !$0.condition.isGood }
        guard apart.isEmpty else {
            let words = apart.prefix(4).map { "\($0.address) is \(model.words(of: $0))" }.joined(separator: ", ")
            return Finding(
                text: words + (apart.count > 4 ? ", and \(apart.count - 4) more are not well" : ""), isGood: false)
        }
        let all = "all \(Figures.plural(members.count + others.count, "node"))"
        return Finding(
            text: isInferred
                ? "\(all) name the same members (inferred from what they tell)"
                : "\(all) are in epoch \(EpochNumber.words(reshard.toEpoch)) and of one view",
            isGood: true)
    }

    /// As many keys as before; others are explained by clients alone.
    private func keysFinding(_ reshard: ReshardProgress) -> Finding? {
        guard let keys = model.keysOfChange, keys.operation == reshard.operation,
            let after = keys.after ?? model.overview.keys
        else { return nil }
        let isSame = keys.before == after
        let why = isSame ? "" : keys.clientsWrote ? " (clients wrote meanwhile)" : ", and no client was seen to write"
        return Finding(
            text: "keys before \(Figures.count(keys.before)), after \(Figures.count(after))\(why)",
            isGood: isSame || keys.clientsWrote)
    }

    /// What asking the nodes for the keys found.
    private func readBackFindings(_ reshard: ReshardProgress) -> [Finding] {
        guard let readBack = model.readBack, readBack.operation == reshard.operation else { return [] }
        if readBack.isRunning { return [Finding(text: "reading the keys back", isGood: false, isPending: true)] }
        guard let check = readBack.check else { return [] }
        let isWhole = check.asked == check.total
        let asked =
            isWhole
            ? "all \(Figures.count(check.total)) keys"
            : "a sample of \(Figures.count(check.asked)) of \(Figures.count(check.total)) keys"
        guard check.isClean else {
            let counts = [(check.missing, "missing"), (check.wrong, "wrong"), (check.failed, "not answered")]
                .filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }.joined(separator: ", ")
            return [
                Finding(text: "\(asked) read back: \(counts)" + (check.problem.map { "; \($0)" } ?? ""), isGood: false)
            ]
        }
        // Each was found where its hash says that it is. One key too many in any shard would show in the sum.
        let sum = model.keysOfChange.flatMap { $0.operation == reshard.operation ? $0.after : nil }
        let words =
            isWhole && sum == check.total
            ? "\(asked) read back: none lost, none doubled, none misplaced"
            : "\(asked) read back through other nodes, none lost"
        return [Finding(text: words, isGood: true)]
    }
}
