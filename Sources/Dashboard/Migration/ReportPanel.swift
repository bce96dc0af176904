import ClusterModel
import TerminalUI
import Wording

/// The result of a change, checked against what the nodes say now.
extension Drawing {
    private typealias Finding = Change.Finding

    /// Draws as much of the report as there are rows for, from the scroll position on.
    func drawReport(_ canvas: inout Canvas, _ rect: Rect, _ change: Change) {
        let lines = reportLines(change, width: rect.width)
        // If there are more lines, the last row tells how many are below.
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

    func reportLines(_ change: Change, width: Int) -> [[Span]] {
        var lines: [[Span]]
        if let outcome = change.outcome, outcome.kind != .done {
            lines = [
                [
                    Span("\(outcome.kind.rawValue): ", theme.bad),
                    Span(labels.shortened(outcome.reason ?? "no reason given"), theme.plain),
                ]
            ]
            if let state = outcome.state { lines.append([Span(labels.shortened(state), theme.muted)]) }
            for finding in change.findings ?? [] where finding.result != .good { lines.append(line(of: finding)) }
        } else {
            let findings = findings(change)
            lines = [[verdict(findings), Span("  ")] + summary(change)]
            // Faults come first, since there may be no room for the rest.
            for finding in findings.filter({ !$0.isGood }) + findings.filter(\.isGood) {
                lines.append(line(of: finding))
            }
        }
        lines.append([Span("Esc puts this away.", theme.muted)])
        return lines.flatMap { $0.wrapped(to: width, indent: 2) }
    }

    /// The verdict on the change, green only if every check was made.
    private func verdict(_ findings: [Finding]) -> Span {
        let results = findings.map(\.result)
        if results.contains(.bad) { return Span("\(theme.marks.bad) not clean yet", theme.bad) }
        if results.contains(.pending) {
            return Span("\(theme.marks.running) checking", theme.accent.adding(.bold))
        }
        if results.contains(.missing) {
            return Span("\(theme.marks.warning) not all checked", theme.warning.adding(.bold))
        }
        return Span("\(theme.marks.done) clean", theme.good.adding(.bold))
    }

    private func line(of finding: Finding) -> [Span] {
        [sign(of: finding), Span(" " + labels.shortened(finding.text), theme.plain)]
    }

    func sign(of finding: Change.Finding) -> Span {
        switch finding.result {
        case .good: Span(theme.marks.done, theme.good)
        case .bad: Span(theme.marks.bad, theme.bad)
        case .pending: Span(theme.marks.running, theme.accent)
        case .missing: Span(theme.marks.warning, theme.warning)
        }
    }

    private func summary(_ change: Change) -> [Span] {
        let crossing = change.pairs.moving
        let all = crossing + change.pairs.staying
        var parts: [[Span]] = []
        if change.pairs.contains(where: { $0.from != $0.to }) {
            parts.append([
                Span(Figures.count(crossing), theme.strong),
                Span(" of \(Figures.plural(all, change.pairUnit)) changed shard"),
            ])
        }
        if change.finishedMilliseconds != nil {
            let taken = Figures.duration(microseconds: change.spentMilliseconds * 1_000)
            parts.append([Span("in "), Span(taken, theme.strong)])
        }
        if let pause = change.writePauseMicroseconds {
            parts.append([Span("writes held "), Span(Figures.duration(microseconds: pause), theme.strong)])
        }
        // The comma is joined to the part before it, so that it stays there if the line is wrapped.
        for index in parts.indices.dropLast() { parts[index][parts[index].count - 1].text += "," }
        return Array(parts.joined(separator: [Span(" ")]))
    }

    func findings(_ change: Change) -> [Change.Finding] {
        let overview = model.overview
        // The coordinator of the change has looked at the whole cluster; only its present state is added here.
        if let found = change.findings { return [nodesFinding(change)] + found + readBackFindings(change) }
        var findings = [nodesFinding(change), keysFinding(change)]
        let uneven = overview.shards.filter { !$0.isEven }
        findings.append(
            Finding(
                text: uneven.isEmpty
                    ? "the nodes of every shard hold the same number of keys"
                    : "nodes still differ in shard \(uneven.map { "\($0.id)" }.joined(separator: ", "))",
                isGood: uneven.isEmpty))
        let unmoved = change.pairs.filter { $0.done < $0.planned }
        findings.append(
            Finding(
                text: unmoved.isEmpty
                    ? "every node confirmed all that it was sent"
                    : unmoved.count == 1
                        ? "1 pair of shards was not confirmed in full"
                        : "\(unmoved.count) pairs of shards were not confirmed in full",
                isGood: unmoved.isEmpty))
        // What takes longest comes last: what is still open is not between ticks.
        return findings + readBackFindings(change)
    }

    /// Checks that every member of the layout is there, in the same epoch and view as the others.
    func nodesFinding(_ change: Change) -> Change.Finding {
        let members = model.overview.shards.flatMap(\.members)
        let others = model.overview.others.filter { !$0.condition.isBad }
        let apart = (members + others).filter { !$0.condition.isGood }
        guard apart.isEmpty else {
            let words = apart.prefix(4).map { "\(labels[$0.id]) is \(model.words(of: $0))" }.joined(
                separator: ", ")
            return Finding(
                text: words + (apart.count > 4 ? ", and \(apart.count - 4) more are not well" : ""), isGood: false)
        }
        let all = "all \(Figures.plural(members.count + others.count, "node"))"
        return Finding(text: "\(all) \(change.agreement)", isGood: true)
    }

    /// Checks that there are as many keys as before; only writes of clients explain a difference.
    func keysFinding(_ change: Change) -> Change.Finding {
        let keys = model.keysOfChange.flatMap { $0.operation == change.id ? $0 : nil }
        guard let before = keys?.before else {
            let why = keys == nil ? "it was over before this dashboard looked" : "nobody could tell then"
            return Finding(text: "keys before: not counted, \(why)", .missing)
        }
        guard let after = keys?.after ?? model.overview.keys else {
            return Finding(text: "keys before \(Figures.count(before)), after: not every shard tells yet", .pending)
        }
        let clientsWrote = keys?.clientsWrote == true
        let isSame = before == after
        let why = isSame ? "" : clientsWrote ? " (clients wrote meanwhile)" : ", and no client was seen to write"
        return Finding(
            text: "keys before \(Figures.count(before)), after \(Figures.count(after))\(why)",
            isGood: isSame || clientsWrote)
    }

    /// The findings of reading the keys back; none if this program does not know the keys.
    private func readBackFindings(_ change: Change) -> [Finding] {
        guard let readBack = model.readBack, readBack.operation == change.id else {
            guard let demo = model.demo else { return [] }
            let why = demo.loading == nil ? "it was over before this dashboard looked" : "they are not all loaded yet"
            return [Finding(text: "keys not read back: \(why)", .missing)]
        }
        if readBack.isRunning {
            let figures = model.demo?.reading.map { ": \(Figures.count($0.done)) of \(Figures.count($0.total))" }
            return [Finding(text: "reading the keys back\(figures ?? "")", .pending)]
        }
        guard let check = readBack.check else {
            return [Finding(text: "keys not read back: they were not all loaded", .missing)]
        }
        let isWhole = check.asked == check.total
        let asked =
            isWhole
            ? "all \(Figures.plural(check.total, "key"))"
            : "a sample of \(Figures.count(check.asked)) of \(Figures.plural(check.total, "key"))"
        guard check.isClean else {
            let counts = [(check.missing, "missing"), (check.wrong, "wrong"), (check.failed, "not answered")]
                .filter { $0.0 > 0 }.map { "\(Figures.count($0.0)) \($0.1)" }.joined(separator: ", ")
            return [
                Finding(
                    text: "\(asked) read back: \(counts)" + (check.problem.map { "; \(labels.shortened($0))" } ?? ""),
                    isGood: false)
            ]
        }
        let words =
            proves(check, thatEachKeyIsInItsShardAlone: change)
            ? "\(asked) read back: none lost, in two shards or misplaced"
            : "\(asked) read back\(check.way.map { ", \($0)" } ?? ""): none lost"
        return [Finding(text: words, isGood: true)]
    }

    /// True if no key can be lost, in two shards, or in a wrong one after the change: each was found where its hash
    /// places it, and a surplus key in any shard would show in the sum.
    func proves(_ check: KeyCheck, thatEachKeyIsInItsShardAlone change: Change) -> Bool {
        guard let keys = model.keysOfChange, keys.operation == change.id else { return false }
        return check.isClean && check.asked == check.total && keys.after == check.total
    }
}

extension Change.Finding {
    fileprivate init(text: String, _ result: Result) { self.init(text, result) }

    fileprivate init(text: String, isGood: Bool) { self.init(text, isGood ? .good : .bad) }

    fileprivate var isGood: Bool { result == .good }
}
