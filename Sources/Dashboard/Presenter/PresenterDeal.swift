import ClusterModel
import TerminalUI
import Wording

/// The draws of nodes: those given up, each with the reason, the one that was taken, and the keys placed by it.
extension Drawing {
    private static let triesMax = 12
    /// Rows of a box for the keys that a shard is to get.
    private static let portionRows = 4

    func drawDeals(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, _ scale: PresenterScale) {
        let attempts = change.attempts ?? Change.Attempts(tried: 0, tries: [], seed: nil)
        let vessels = portionVessels(change, attempts)
        let boxes = vessels.isEmpty ? 0 : Self.portionRows
        let room = max(1, rect.height - boxes - 3)
        let lines = dealLines(attempts, rows: min(room - 1, Self.triesMax), width: rect.width)
        let (top, rest) = rect.splitTop(1)
        let nodes = model.digest.nodesUp
        canvas.put(
            [Span("\(nodes) nodes dealt by each seed", theme.strong), Span(", in the columns of their shards")],
            x: top.x, y: top.y, width: top.width)
        for (row, line) in lines.enumerated() {
            canvas.put(line, x: rest.x, y: rest.y + row, width: rest.width)
        }
        guard !vessels.isEmpty else { return }
        let lower = rest.splitTop(lines.count + (scale == .small ? 0 : 1)).rest
        let (legend, below) = lower.splitTop(1)
        canvas.put(
            [Span("planned so far", theme.strong), Span(": nothing is copied yet")], x: legend.x, y: legend.y,
            width: legend.width)
        drawVessels(&canvas, below.splitTop(scale == .largest ? 12 : Self.portionRows).top, vessels)
    }

    /// The vessels of the future shards, one tank each: which nodes join a shard is not told before the copies.
    private func portionVessels(_ change: Change, _ attempts: Change.Attempts) -> [Vessel] {
        let total = change.current.work?.total ?? 0
        let deal = attempts.tries.last(where: \.isBalanced)?.deal ?? []
        let old = Set(model.overview.shards.map(\.id))
        let even = Double(max(1, total)) / Double(max(1, change.portions.count))
        return change.portions.enumerated().map { place, portion in
            let nodes = deal.indices.contains(place) ? ", \(Figures.plural(deal[place], "node"))" : ""
            return Vessel(
                title: "shard \(name(of: portion.shard))\(old.contains(portion.shard) ? "" : ", new")",
                style: style(of: portion.shard),
                tanks: [
                    .init(
                        name: "", fill: .arriving(min(1, Double(portion.planned) / even), had: 0),
                        words: "")
                ],
                captions: [Figures.plural(portion.planned, "key") + nodes, Figures.plural(portion.planned, "key")])
        }
    }

    /// The letters of the nodes that a shard would get; if they are not told, a sign for each.
    private func signs(of attempt: Change.Attempts.Attempt, _ shard: Int) -> String {
        let count = attempt.deal.indices.contains(shard) ? attempt.deal[shard] : 0
        let text =
            attempt.nodes.map { $0.indices.contains(shard) ? $0[shard].map { labels[$0] }.joined() : "" }
            ?? String(repeating: theme.marks.good, count: count)
        return text.isEmpty ? theme.marks.waiting : text
    }

    /// The lines of the last draws, with the one that was taken at the end, and how many came before them.
    private func dealLines(_ attempts: Change.Attempts, rows: Int, width: Int) -> [[Span]] {
        let nodes = max(model.digest.nodesUp, attempts.tries.map { $0.deal.reduce(0, +) }.max() ?? 0)
        var lines: [[Span]] = []
        let room = rows >= 4 ? rows - 1 : rows
        let count = attempts.tried > room ? max(1, room - 1) : room
        let shown = attempts.tries.suffix(max(0, count))
        if attempts.tried > shown.count {
            let before = Figures.plural(attempts.tried - shown.count, "seed")
            lines.append([Span("  \(before) before these failed in the same way", theme.plain)])
        }
        let widths = (0..<(shown.map(\.deal.count).max() ?? 0)).map { id in
            shown.map { signs(of: $0, id).columns }.max() ?? 1
        }
        let seeds = shown.map { "\($0.seed)".columns }.max() ?? 1
        if rows >= 4, !widths.isEmpty {
            let heads = widths.indices.map { "\($0)".padded(to: widths[$0]) }.joined(separator: "  ")
            let head = "shard".aligned(to: 2 + 5 + seeds) + "  " + heads
            if head.columns < width { lines.append([Span(head, theme.plain)]) }
        }
        for attempt in shown {
            let refusal = attempt.refusal(nodes: nodes)
            var line = FittedLine(gap: [Span("  ")])
            let mark = refusal == nil ? theme.marks.done : theme.marks.refused
            line.add(
                [
                    Span(mark + " ", refusal == nil ? theme.good : theme.warning),
                    Span("seed \("\(attempt.seed)".aligned(to: seeds))", theme.strong),
                ],
                priority: 9)
            let signs = attempt.deal.indices.flatMap { id in
                [
                    Span(self.signs(of: attempt, id).padded(to: widths[id]), theme.shard(id).adding(.bold)),
                    Span("  "),
                ]
            }
            if signs.width < width / 3 { line.add(signs, priority: 6) }
            if let refusal {
                line.add(refusal, theme.plain, priority: 8)
            } else {
                line.add("taken: every shard has two nodes or more", theme.good.adding(.bold), priority: 8)
            }
            lines.append(line.spans(width: width))
        }
        return lines
    }
}
