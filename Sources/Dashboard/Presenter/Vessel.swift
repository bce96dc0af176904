import ClusterModel
import TerminalUI

/// A shard as a vessel: a box with a tank for each of its nodes.
struct Vessel {
    struct Tank {
        /// The node's letter; empty for a tank of the whole shard.
        var name: String
        var nameStyle = Style.plain
        /// How full the tank was before, 0 ... 1; ``filled`` is how full it is now.
        var had = 0.0
        /// True if the part that is not filled is held, too, and drawn so.
        var isHeld = false
        var filled = 0.0
        /// The words below the tank; nil for the share that is filled.
        var words: String?
        /// The lane that comes in from above; nil for none.
        var lane: Flow.Lane?
    }

    var title: String
    var style: Style
    var tanks: [Tank]
    /// The texts for the foot of the vessel, of which the first that fits is shown.
    var captions: [String]

    func caption(width: Int) -> String { captions.first { $0.columns <= width } ?? captions.last ?? "" }
}

extension Drawing {
    private static let vesselColumnsMin = 17
    private static let vesselColumnsMax = 64
    private static let tankColumnsMax = 16

    /// The places of vessels side by side, as wide as there is room for; empty if they do not fit.
    func places(of vessels: [Vessel], in rect: Rect) -> [Rect] {
        guard !vessels.isEmpty, rect.width / vessels.count >= Self.vesselColumnsMin else { return [] }
        let width = min(Self.vesselColumnsMax, rect.width / vessels.count)
        let spare = rect.width - width * vessels.count
        let gap = vessels.count > 1 ? min(6, spare / (vessels.count - 1)) : 0
        let left = rect.x + (rect.width - width * vessels.count - gap * (vessels.count - 1)) / 2
        return vessels.indices.map { place in
            Rect(x: left + place * (width + gap), y: rect.y, width: width - 1, height: rect.height)
        }
    }

    /// - Parameter lanes: rows above the vessels in which dots fall.
    func drawVessels(_ canvas: inout Canvas, _ rect: Rect, _ vessels: [Vessel], lanes: Int = 0) {
        let (above, below) = rect.splitTop(lanes)
        let places = places(of: vessels, in: below)
        guard !places.isEmpty else { return drawVesselRows(&canvas, rect, vessels) }
        for (place, vessel) in zip(places, vessels) {
            canvas.box(place, style: vessel.style, glyphs: theme.glyphs)
            canvas.put(
                " \(vessel.title) ", x: place.x + 2, y: place.y, style: vessel.style.adding(.bold),
                width: place.width - 4)
            let caption = vessel.caption(width: place.width - 6)
            if !caption.isEmpty {
                canvas.put(
                    " \(caption) ", x: place.x + 2, y: place.bottom - 1, style: theme.strong, width: place.width - 4)
            }
            drawTanks(&canvas, place.inset(columns: 2, rows: 1), vessel, lanes: above)
        }
    }

    private func drawTanks(_ canvas: inout Canvas, _ rect: Rect, _ vessel: Vessel, lanes: Rect) {
        let names = vessel.tanks.map(\.name.columns).max() ?? 1
        let fits = vessel.tanks.isEmpty ? 0 : rect.width / vessel.tanks.count
        guard fits > max(2, names) else {
            let text = "\(vessel.tanks.count) nodes"
            canvas.put(text, x: rect.x, y: rect.y, style: theme.plain, width: rect.width)
            return
        }
        let isTall = rect.height >= 5 && vessel.tanks.contains { $0.words != "" }
        for (place, tank) in zip(rect.columns(vessel.tanks.count), vessel.tanks) {
            let width = min(Self.tankColumnsMax, place.width - 1)
            let x = place.x + (place.width - width) / 2
            let name = tank.name
            canvas.put(
                name, x: x + (width - name.columns) / 2, y: rect.y, style: tank.nameStyle.adding(.bold), width: width)
            let top = names > 0 ? 1 : 0
            let body = Rect(x: x, y: rect.y + top, width: width, height: rect.height - top - (isTall ? 1 : 0))
            drawTank(&canvas, body, tank, vessel.style)
            if isTall {
                let share = tank.words ?? "\(Int(tank.filled * 100)) %"
                canvas.put(
                    share, x: x + (width - share.columns) / 2, y: rect.bottom - 1, style: theme.plain, width: width)
            }
            if let lane = tank.lane {
                drawFall(
                    &canvas, Rect(x: x + width / 2, y: lanes.y, width: 1, height: lanes.height), lane, vessel.style)
            }
        }
    }

    /// Draws the tank from the bottom up: the keys that were there before, then those that came.
    private func drawTank(_ canvas: inout Canvas, _ rect: Rect, _ tank: Vessel.Tank, _ style: Style) {
        let glyphs = theme.glyphs
        guard rect.height > 0, let full = glyphs.spark.last else { return }
        let parts = glyphs.spark.count
        var filled = Int((min(1, max(0, tank.filled)) * Double(rect.height * parts)).rounded())
        if tank.filled > 0, filled == 0 { filled = 1 }
        if tank.filled < 1, filled == rect.height * parts { filled -= 1 }
        // A partly filled cell would leave a gap below the held part.
        if tank.isHeld { filled = filled / parts * parts }
        var had = Int((min(1, max(0, tank.had)) * Double(rect.height)).rounded())
        if tank.had > 0, had == 0 { had = 1 }
        for row in 0..<rect.height {
            let y = rect.bottom - 1 - row
            let rest = filled - row * parts
            let line = Rect(x: rect.x, y: y, width: rect.width, height: 1)
            if row < had {
                canvas.fill(line, glyphs.stock, style: style)
            } else if rest > 0 {
                canvas.fill(line, rest >= parts ? full : glyphs.spark[rest - 1], style: style)
            } else if tank.isHeld {
                canvas.fill(line, glyphs.stock, style: style)
            } else {
                canvas.fill(line, theme.track.character, style: theme.track.style)
            }
        }
    }

    /// Draws a lane from top to bottom, with an arrowhead at its end.
    func drawFall(_ canvas: inout Canvas, _ rect: Rect, _ lane: Flow.Lane, _ style: Style) {
        guard rect.height >= 2 else { return }
        let track = rect.height - 1
        for row in 0..<track { canvas.put(theme.glyphs.laneDown, x: rect.x, y: rect.y + row, style: theme.frame) }
        var isMoving = false
        for place in model.flow.places(on: lane, atMilliseconds: model.nowMilliseconds) {
            isMoving = true
            let dot = theme.glyphs.dots.last.map { String($0) } ?? "o"
            canvas.put(
                dot, x: rect.x, y: rect.y + min(track - 1, Int(place * Double(track))), style: style.adding(.bold))
        }
        canvas.put(theme.glyphs.headDown, x: rect.x, y: rect.bottom - 1, style: isMoving ? style : theme.frame)
    }

    /// Draws vessels that do not fit side by side: a bar for each, the least full first, and how many more there are.
    private func drawVesselRows(_ canvas: inout Canvas, _ rect: Rect, _ vessels: [Vessel]) {
        func share(_ vessel: Vessel) -> Double {
            vessel.tanks.isEmpty ? 0 : vessel.tanks.reduce(0) { $0 + $1.filled } / Double(vessel.tanks.count)
        }
        let all = vessels.enumerated().sorted { (share($0.element), $0.offset) < (share($1.element), $1.offset) }
        let shown = all.count <= rect.height ? all.count : max(0, rect.height - 1)
        let titles = all.prefix(shown).map(\.element.title.columns).max() ?? 0
        let captions = all.prefix(shown).map { $0.element.caption(width: .max).columns }.max() ?? 0
        for (row, item) in all.prefix(shown).enumerated() {
            let (vessel, y) = (item.element, rect.y + row)
            canvas.put(vessel.title, x: rect.x, y: y, style: vessel.style.adding(.bold), width: rect.width)
            let x = rect.x + titles + 2
            canvas.put(vessel.caption(width: .max), x: x, y: y, style: theme.plain, width: max(0, rect.right - x))
            let left = x + captions + 2
            guard rect.right - left >= 6 else { continue }
            canvas.bar(
                x: left, y: y, width: rect.right - left, fraction: share(vessel), style: vessel.style,
                track: theme.track, glyphs: theme.glyphs)
        }
        if shown < all.count, rect.height > 0 {
            canvas.put(
                "and \(all.count - shown) more shards", x: rect.x, y: rect.bottom - 1, style: theme.plain,
                width: rect.width)
        }
    }
}
