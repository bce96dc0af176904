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

    func drawReport(_ canvas: inout Canvas, _ rect: Rect, _ reshard: ReshardProgress) {
        for (row, line) in reportLines(reshard, width: rect.width).prefix(rect.height).enumerated() {
            canvas.put(line, x: rect.x, y: rect.y + row, width: rect.width)
        }
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
        if findings.allSatisfy(\.isGood) { return Span("\(theme.marks.done) clean", theme.good.adding(.bold)) }
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
        return Array(parts.joined(separator: [Span(", ")]))
    }

    private func findings(_ reshard: ReshardProgress) -> [Finding] {
        let overview = model.overview
        var findings: [Finding] = []
        let reached = overview.members.filter { !$0.condition.isBad }
        let apart = reached.filter { !$0.condition.isGood }
        findings.append(
            Finding(
                text: apart.isEmpty
                    ? "all \(reached.count) nodes that answer "
                        + (isInferred
                            ? "name the same members"
                            : "are in epoch \(EpochNumber.words(reshard.toEpoch)) and of one view")
                    : "\(apart.map { "\($0.address) is \(words(of: $0))" }.joined(separator: ", "))",
                isGood: apart.isEmpty))
        if let before = model.keysBefore, before.operation == reshard.operation, let after = overview.keys {
            let isSame = before.keys == after
            findings.append(
                Finding(
                    text: "keys before \(Figures.count(before.keys)), now \(Figures.count(after))"
                        + (isSame ? "" : " (clients may have added or deleted some meanwhile)"),
                    isGood: isSame || after > before.keys))
        }
        let uneven = overview.shards.filter { !$0.isEven }
        findings.append(
            Finding(
                text: uneven.isEmpty
                    ? isInferred
                        ? "all nodes tell the same key counts"
                        : "the members of every shard hold the same number of keys"
                    : "members still differ in shard \(uneven.map { "\($0.id)" }.joined(separator: ", "))",
                isGood: uneven.isEmpty))
        if let finding = readBackFinding(reshard) { findings.append(finding) }
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

    /// What asking the nodes for the keys found.
    private func readBackFinding(_ reshard: ReshardProgress) -> Finding? {
        guard let readBack = model.readBack, readBack.operation == reshard.operation else { return nil }
        if readBack.isRunning { return Finding(text: "reading the keys back", isGood: false, isPending: true) }
        guard let check = readBack.check else { return nil }
        let asked =
            check.asked == check.total
            ? "all \(Figures.count(check.total)) keys"
            : "a sample of \(Figures.count(check.asked)) of \(Figures.count(check.total)) keys"
        if check.isClean { return Finding(text: "\(asked) read back through other nodes, none lost", isGood: true) }
        let counts = [(check.missing, "missing"), (check.wrong, "wrong"), (check.failed, "not answered")]
            .filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }.joined(separator: ", ")
        return Finding(
            text: "\(asked) read back: \(counts)" + (check.problem.map { "; \($0)" } ?? ""), isGood: false)
    }
}
