import ClusterModel
import TerminalUI
import Wording

/// Shards at rest, being read and being copied: always as vessels, the shards in use above the future ones.
extension Drawing {
    static let fallRows = 4
    static let boxRows = 3

    func drawShardsAtRest(_ canvas: inout Canvas, _ rect: Rect, _ scale: PresenterScale) {
        // After a change the tanks are drawn to the scale of before, so that the keys now can be compared.
        let before = model.shownChange?.stages.flatMap(\.meters).map(\.total).max() ?? 0
        let most = max(1, before, model.overview.shards.compactMap(\.keys).max() ?? 1)
        let vessels = model.overview.shards.map { shard in
            let tanks = shard.members.map { member in
                let keys = member.keys ?? shard.keys ?? 0
                return Vessel.Tank(
                    name: letter(of: member), nameStyle: member.condition.isGood ? theme.plain : style(of: member),
                    fill: .level(Double(keys) / Double(most)), words: Figures.count(keys))
            }
            return Vessel(
                title: "shard \(name(of: shard.id))", style: style(of: shard.id), tanks: tanks,
                captions: keysWords(shard))
        }
        let (top, body) = rect.splitTop(1)
        canvas.put(meaningOfTank, x: top.x, y: top.y, style: theme.plain, width: top.width)
        drawVessels(&canvas, body, vessels)
    }

    private var meaningOfTank: String {
        let mark = theme.glyphs.bar.last.map { String($0) } ?? ""
        let old = model.shownChange?.isDone == true ? " and no others: old copies are dropped" : ""
        return "\(mark) each node holds all keys of its shard\(old)"
    }

    private func keysWords(_ shard: Shard) -> [String] {
        guard let keys = shard.keys else { return ["keys not told"] }
        let words = Figures.plural(keys, "key")
        return ["\(words), on \(Figures.plural(shard.members.count, "node"))", words]
    }

    /// The node's letter, with a sign if it is not well.
    func letter(of member: Member) -> String {
        member.condition.isGood ? labels[member.id] : labels[member.id] + " " + theme.mark(of: member.condition.level)
    }

    /// Draws the shards in use above, each with the node that is read; below them the list of keys known by now.
    func drawReading(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, _ scale: PresenterScale) {
        let meters = change.current.meters
        let vessels = model.overview.shards.map { shard in
            let meter = meters.first { $0.shard == shard.id }
            let read = meter.map { $0.total > 0 ? Double($0.done) / Double($0.total) : 0 } ?? 0
            return Vessel(
                title: "shard \(name(of: shard.id))", style: style(of: shard.id),
                tanks: shard.members.map { member in
                    let isRead = member.id == meter?.source
                    return Vessel.Tank(
                        name: isRead ? "\(labels[member.id]) is read" : labels[member.id], nameStyle: theme.plain,
                        fill: .read(isRead ? read : 0), words: isRead ? nil : "")
                },
                captions: meter.map {
                    let counts = "\(Figures.count($0.done)) of \(Figures.plural($0.total, "key"))"
                    return [counts + " listed", counts]
                } ?? [])
        }
        let lanes = scale == .small ? 2 : Self.fallRows
        let (legend, rest) = rect.splitTop(1)
        canvas.put(
            shadeWords("holds these keys", "listed so far"), x: legend.x, y: legend.y, width: legend.width)
        let (above, list) = rest.splitBottom(Self.boxRows)
        let (top, fall) = above.splitBottom(lanes)
        drawVessels(&canvas, top, vessels)
        let places = places(of: vessels, in: top)
        for ((place, vessel), shard) in zip(zip(places, vessels), model.overview.shards) {
            let meter = meters.first { $0.shard == shard.id }
            if let meter, meter.total > 0, meter.done >= meter.total { continue }
            let source = shard.members.firstIndex { $0.id == meter?.source }
            let x = source.map { middle(ofTank: $0, of: vessel, in: place) } ?? place.x + place.width / 2
            drawFall(
                &canvas, Rect(x: x, y: fall.y, width: 1, height: fall.height), .meter(shard.id), style(of: shard.id))
        }
        let done = change.current.work?.done ?? 0
        let who = change.leader.map { " of node \(labels[$0])" } ?? ""
        drawBox(&canvas, list, "the list\(who)", "\(Figures.plural(done, "key")) known by name; \(dotMeaning("name"))")
    }

    /// Draws the shards in use above; below them the future shards, each node's tank filling with the keys it lacked.
    func drawCopying(_ canvas: inout Canvas, _ rect: Rect, _ change: Change, _ scale: PresenterScale) {
        let holdings = Holdings(change)
        let old = Set(model.overview.shards.map(\.id))
        let vessels = holdings.shards.map { id, nodes in
            let total = nodes.map(\.total).max() ?? 0
            return Vessel(
                title: "shard \(name(of: id))\(old.contains(id) ? "" : ", new")", style: style(of: id),
                tanks: nodes.map {
                    Vessel.Tank(
                        name: labels[$0.member], nameStyle: theme.plain,
                        fill: .arriving($0.fraction, had: $0.hadFraction),
                        lane: $0.fraction < 1 ? .part($0.member) : nil, source: $0.source)
                },
                captions: [
                    "\(Figures.plural(total, "key")), on \(Figures.plural(nodes.count, "node"))",
                    Figures.plural(total, "key"),
                ])
        }
        let counts = CopyCounts(change, model.overview)
        var rest = rect
        let nowRows = scale == .small && rect.height < 16 ? 1 : Self.boxRows
        drawNow(&canvas, rest.splitTop(nowRows + 1).top, counts, rows: nowRows)
        rest = rest.splitTop(nowRows + 1).rest
        // The tanks need the room more than the lanes to them: how full they are says more.
        let lanes = min(scale == .largest ? Self.fallRows : 2, max(0, rest.height - 7))
        let legend = Rect(x: rest.x, y: rest.y, width: rest.width, height: 1)
        let instead = counts.before.map { $0 == counts.after ? "" : ", not \(CopyCounts.words($0))" } ?? ""
        let after = counts.after.map { ", each key on \(CopyCounts.words($0)) nodes\(instead)" } ?? ""
        canvas.put(
            [Span("to be", theme.strong), Span("\(after):   ")]
                + shadeWords("its node had that already", "copied") + [Span("   \(dotMeaning("copy"))")],
            x: legend.x, y: legend.y, width: legend.width)
        drawVessels(&canvas, rest.splitTop(1).rest, vessels, lanes: lanes)
    }

    /// Draws the layout that clients use, in a row of boxes.
    private func drawNow(_ canvas: inout Canvas, _ rect: Rect, _ counts: CopyCounts, rows: Int) {
        let (words, boxes) = rect.splitTop(1)
        let before = counts.before.map { ", each key on \(CopyCounts.words($0)) nodes" } ?? ""
        canvas.put(
            [Span("in use until the switch", theme.strong), Span(before)], x: words.x, y: words.y, width: words.width)
        let shards = model.overview.shards
        guard rect.width / max(1, shards.count) >= 22 else {
            canvas.put(
                Figures.plural(shards.count, "shard"), x: boxes.x, y: boxes.y, style: theme.strong, width: boxes.width)
            return
        }
        for (place, shard) in zip(boxes.columns(shards.count), shards) {
            let nodes = shard.members.map { labels[$0.id] }.joined(separator: " ")
            let keys = shard.keys.map { Figures.plural($0, "key") } ?? "keys not told"
            let area = Rect(x: place.x, y: place.y, width: place.width - 1, height: rows)
            if rows < Self.boxRows {
                var line = FittedLine(gap: [Span("  ")])
                line.add("shard \(name(of: shard.id))", style(of: shard.id).adding(.bold), priority: 9)
                line.add("\(keys) on \(nodes)", theme.plain, priority: 5)
                canvas.put(line.spans(width: area.width), x: area.x, y: area.y, width: area.width)
            } else {
                drawBox(
                    &canvas, area, "shard \(name(of: shard.id))", "\(keys) on nodes \(nodes)", style(of: shard.id))
            }
        }
    }

    func drawBox(
        _ canvas: inout Canvas, _ rect: Rect, _ title: String, _ words: String, _ style: Style? = nil
    ) {
        guard rect.height >= Self.boxRows else { return }
        let style = style ?? theme.plain
        let box = rect.splitTop(Self.boxRows).top
        canvas.box(box, style: style, glyphs: theme.glyphs)
        canvas.put(" \(title) ", x: box.x + 2, y: box.y, style: style.adding(.bold), width: box.width - 4)
        canvas.put(
            words.truncated(to: box.width - 4, mark: theme.glyphs.ellipsis), x: box.x + 2, y: box.y + 1,
            style: theme.strong, width: box.width - 4)
    }

    func shadeWords(_ shade: String, _ full: String) -> [Span] {
        let mark = theme.glyphs.bar.last.map { String($0) } ?? ""
        return [Span("\(theme.glyphs.stock) \(shade)   \(mark) \(full)", theme.plain)]
    }

    /// The legend of the dots that fall.
    func dotMeaning(_ unit: String) -> String {
        let dot = theme.glyphs.dots.last.map { String($0) } ?? ""
        return "\(dot) is \(Figures.plural(model.flow.keysPerDot, unit)) on the way"
    }
}
