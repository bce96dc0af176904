import ClusterModel
import TerminalUI
import Wording

/// The figures that clients notice, with a word each.
extension Drawing {
    private struct Tile {
        var figure: String
        /// The unit of the figure: "ms"; empty for none.
        var unit = ""
        var words: String
        /// Shorter words, for little room.
        var short: String
        var style: Style
    }

    func presenterClientRows(_ scale: PresenterScale) -> Int {
        switch scale {
        case .least: 2
        case .small: 2
        case .large: theme.glyphs.halves == nil ? 2 : 4
        case .largest: 6
        }
    }

    func drawPresenterClients(_ canvas: inout Canvas, _ rect: Rect, _ scale: PresenterScale) {
        let tiles = tiles
        guard !tiles.isEmpty else {
            let key = model.isControlled ? " L turns it on." : ""
            canvas.put("No client traffic.\(key)", x: rect.x, y: rect.y, style: theme.plain, width: rect.width)
            return
        }
        if scale == .least {
            var line = FittedLine(gap: [Span("  ")])
            for (place, tile) in tiles.enumerated() {
                line.add(
                    [Span(tile.figure + tile.unit.prefixed, tile.style), Span(" " + tile.short)], priority: 9 - place)
            }
            for (row, line) in line.spans(width: .max).wrapped(to: rect.width).prefix(rect.height).enumerated() {
                canvas.put(line, x: rect.x, y: rect.y + row, width: rect.width)
            }
            return
        }
        for (area, tile) in zip(rect.columns(tiles.count), tiles) {
            draw(&canvas, Rect(x: area.x, y: area.y, width: area.width - 2, height: area.height), tile)
        }
    }

    /// Draws the tile as large as its room allows.
    private func draw(_ canvas: inout Canvas, _ rect: Rect, _ tile: Tile) {
        let (above, words) = rect.splitBottom(1)
        let text = tile.words.columns <= words.width ? tile.words : tile.short
        canvas.put(text, x: words.x, y: words.y, style: theme.strong, width: words.width)
        for form in [BigText.Form.whole, .half] where form.rows <= above.height {
            let columns = BigText.columns(tile.figure, form)
            guard columns + tile.unit.prefixed.columns <= above.width, form == .whole || theme.glyphs.halves != nil
            else { continue }
            canvas.put(
                big: tile.figure, x: above.x, y: above.bottom - form.rows, form: form, style: tile.style,
                glyphs: theme.glyphs)
            canvas.put(
                tile.unit.prefixed, x: above.x + columns, y: above.bottom - 1, style: tile.style)
            return
        }
        canvas.put(
            tile.figure + tile.unit.prefixed, x: above.x, y: above.bottom - 1, style: tile.style.adding(.bold),
            width: above.width)
    }

    /// The tiles by the clients' own figures, as the nodes' counters include the reads of checks.
    private var tiles: [Tile] {
        guard let traffic = model.demo?.traffic else { return tilesOfNodes }
        let change = model.shownChange
        let clients = model.clientsOfShownChange
        let errors = change == nil ? traffic.errors : clients?.errors ?? 0
        var tiles: [Tile] = []
        tiles.append(
            Tile(
                figure: Figures.count(Int(traffic.operationsPerSecond.rounded())), words: "client requests a second",
                short: "requests/s", style: theme.strong))
        tiles.append(
            Tile(
                figure: Figures.count(errors), words: "client \(Plural.noun("error", errors))",
                short: Plural.noun("error", errors), style: errors == 0 ? theme.good : theme.bad))
        // The time of a single request, whatever the others took.
        let slowestWords = change?.isOver == false ? "slowest request so far" : "slowest client request"
        let slowest = change == nil ? traffic.latencyMicrosecondsMax : clients?.slowestMicroseconds
        tiles.append(
            slowest.map { tile(microseconds: $0, slowestWords, "slowest", theme.strong) }
                ?? Tile(figure: "-", words: slowestWords, short: "slowest", style: theme.strong))
        if let change, let pause = pause(of: change) { tiles.append(pause) }
        return tiles
    }

    /// The tiles by the nodes' counters, if no clients of this program's own are watched.
    private var tilesOfNodes: [Tile] {
        guard model.demo == nil, model.overview.shards.contains(where: \.tellsTraffic) else { return [] }
        let operations = model.overview.shards.reduce(0) { $0 + $1.operationsPerSecond }
        var tiles = [
            Tile(
                figure: Figures.count(Int(operations.rounded())), words: "requests a second, by the nodes' count",
                short: "requests/s", style: theme.strong)
        ]
        if let change = model.shownChange, let pause = pause(of: change) { tiles.append(pause) }
        return tiles
    }

    /// The tile for how long writes waited, 0 before they did; nil if the change holds none.
    private func pause(of change: Change) -> Tile? {
        guard change.stages.contains(where: \.holdsWrites) else { return nil }
        if let pause = change.writePauseMicroseconds {
            return tile(microseconds: pause, "pause of writes", "pause of writes", theme.strong)
        }
        guard !change.isOver else { return nil }
        return change.current.holdsWrites
            ? Tile(figure: "now", words: "writes wait for the switch", short: "writes wait", style: theme.warning)
            : Tile(
                figure: "0", unit: "ms", words: "pause of writes so far", short: "pause of writes", style: theme.strong)
    }

    private func tile(microseconds: UInt64, _ words: String, _ short: String, _ style: Style) -> Tile {
        let time = largeFigure(microseconds: microseconds)
        return Tile(figure: time.figure, unit: time.unit, words: words, short: short, style: style)
    }

    /// A time as it stands in large figures, and in the sentence beside them. Parts of a millisecond cannot be told from
    /// afar.
    func largeFigure(microseconds: UInt64) -> (figure: String, unit: String) {
        let milliseconds = microseconds < 1_000_000 ? max(1, (microseconds + 500) / 1_000) : microseconds / 1_000
        return milliseconds >= 1_000
            ? (Figures.tenths(Double(milliseconds) / 1_000), "s") : ("\(milliseconds)", "ms")
    }
}

extension String {
    /// The text with a blank before it, unless it is empty.
    fileprivate var prefixed: String { isEmpty ? "" : " " + self }
}
