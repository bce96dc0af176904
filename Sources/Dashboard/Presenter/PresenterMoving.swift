import ClusterModel
import TerminalUI
import Wording

/// The moves from shard to shard while both serve.
extension Drawing {
    /// Draws the shards that give above, and those that get below: a key or slot that is across belongs to the new
    /// shard at once.
    func drawMoving(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, _ scale: PresenterScale) {
        let pairs = change.pairs.filter { $0.from != $0.to && $0.planned > 0 }
        func sum(_ id: ShardID, _ side: KeyPath<Change.Pair, ShardID>) -> (done: Int, planned: Int) {
            pairs.filter { $0[keyPath: side] == id }.reduce((0, 0)) { ($0.0 + $1.done, $0.1 + $1.planned) }
        }
        let unit = change.pairUnit
        func nodes(_ id: ShardID) -> [Member] { model.overview.shards.first { $0.id == id }?.members ?? [] }
        let givers = Set(pairs.map(\.from)).sorted().map { id in
            let moved = sum(id, \.from)
            return Vessel(
                title: "shard \(name(of: id))", style: style(of: id), tanks: nodes(id).map { tank(of: $0) },
                captions: captions(moved, unit, "gone"))
        }
        let takers = Set(pairs.map(\.to)).sorted().map { id in
            let moved = sum(id, \.to)
            let lanes = pairs.filter { $0.to == id }.map { Flow.Lane.pair($0.from, $0.to) }
            let share = moved.planned > 0 ? Double(moved.done) / Double(moved.planned) : 0
            let members = nodes(id).map { labels[$0.id] }.joined(separator: " ")
            return (
                Vessel(
                    title: "shard \(name(of: id))", style: style(of: id),
                    tanks: [
                        .init(
                            name: members.isEmpty ? "" : "on \(members)", nameStyle: theme.plain,
                            fill: .arriving(share, had: 0))
                    ],
                    captions: captions(moved, unit, "have come")), lanes
            )
        }
        let lanes = scale == .small ? 2 : Self.fallRows
        let (legend, rest) = rect.splitTop(1)
        canvas.put(
            "above: who gives; below: who gets.  \(dotMeaning(unit))", x: legend.x, y: legend.y, style: theme.plain,
            width: legend.width)
        let upper = min(Self.boxRows + 2, max(Self.boxRows, (rest.height - lanes) / 2))
        let (above, below) = rest.splitTop(upper)
        let (fall, lower) = below.splitTop(lanes)
        drawVessels(&canvas, above, givers)
        drawVessels(&canvas, lower, takers.map(\.0))
        for (place, taker) in zip(places(of: takers.map(\.0), in: lower), takers) {
            for (index, lane) in taker.1.enumerated() {
                let x = place.x + place.width * (index + 1) / (taker.1.count + 1)
                drawFall(&canvas, Rect(x: x, y: fall.y, width: 1, height: fall.height), lane, taker.0.style)
            }
        }
    }

    private func captions(_ moved: (done: Int, planned: Int), _ unit: String, _ what: String) -> [String] {
        let counts = "\(Figures.count(moved.done)) of \(Figures.plural(moved.planned, unit))"
        return ["\(counts) \(what)", counts]
    }

    private func tank(of member: Member) -> Vessel.Tank {
        Vessel.Tank(name: letter(of: member), nameStyle: theme.plain, fill: .level(1))
    }
}
