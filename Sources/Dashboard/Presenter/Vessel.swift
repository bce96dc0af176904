import ClusterModel
import TerminalUI

/// A shard as a vessel: a box with a tank for each of its nodes.
struct Vessel {
    struct Tank {
        /// The node's letter; empty for a tank of the whole shard.
        var name: String
        var nameStyle = Style.plain
        var fill: Fill
        /// The words below the tank; nil for the share that is filled.
        var words: String?
        /// The lane that comes in from above; nil for none.
        var lane: Flow.Lane?
        /// The shard that all that comes by the lane is of; nil if it is of several, or not known.
        var source: ShardID?
    }

    /// The keys in a tank, as shares of it, 0 ... 1.
    enum Fill {
        /// A level that rests.
        case level(Double)
        /// Keys that come, beside those that were there before; it is filled cell by cell, as levels of few rows are too
        /// coarse to be compared.
        case arriving(Double, had: Double)
        /// Keys that are there and are read, cell by cell.
        case read(Double)

        var share: Double {
            switch self {
            case .level(let share), .arriving(let share, _), .read(let share): share
            }
        }
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
        for (index, tank) in vessel.tanks.enumerated() {
            let place = placeOfTank(index, of: vessel, in: rect)
            let (x, width) = (place.x, place.width)
            let name = tank.name
            canvas.put(
                name, x: x + (width - name.columns) / 2, y: rect.y, style: tank.nameStyle.adding(.bold), width: width)
            let top = names > 0 ? 1 : 0
            let body = Rect(x: x, y: rect.y + top, width: width, height: rect.height - top - (isTall ? 1 : 0))
            drawTank(&canvas, body, tank, vessel.style)
            if isTall {
                let share = tank.words ?? "\(Int(tank.fill.share * 100)) %"
                canvas.put(
                    share, x: x + (width - share.columns) / 2, y: rect.bottom - 1, style: theme.plain, width: width)
            }
            if let lane = tank.lane {
                drawFall(
                    &canvas, Rect(x: x + width / 2, y: lanes.y, width: 1, height: lanes.height), lane,
                    tank.source.map { style(of: $0) } ?? theme.strong)
            }
        }
    }

    /// The columns of a tank: all of a vessel are as wide and as far apart.
    private func placeOfTank(_ index: Int, of vessel: Vessel, in rect: Rect) -> Rect {
        let pitch = rect.width / max(1, vessel.tanks.count)
        let width = min(Self.tankColumnsMax, pitch - 1)
        let left = rect.x + (rect.width - pitch * vessel.tanks.count) / 2
        return Rect(x: left + index * pitch + (pitch - width) / 2, y: rect.y, width: width, height: rect.height)
    }

    /// The column below the middle of a tank, from which its keys are drawn to fall.
    func middle(ofTank index: Int, of vessel: Vessel, in place: Rect) -> Int {
        let tank = placeOfTank(index, of: vessel, in: place.inset(columns: 2, rows: 1))
        return tank.x + tank.width / 2
    }

    private func drawTank(_ canvas: inout Canvas, _ rect: Rect, _ tank: Vessel.Tank, _ style: Style) {
        guard rect.height > 0, let full = theme.glyphs.spark.last else { return }
        switch tank.fill {
        case .level(let share): drawLevel(&canvas, rect, share, style)
        case .arriving(let share, let had):
            let before = cells(had, of: rect)
            let now = max(before, cells(share, of: rect))
            fill(&canvas, rect, from: 0, to: before, theme.glyphs.stock, style)
            fill(&canvas, rect, from: before, to: now, full, style)
            fill(
                &canvas, rect, from: now, to: rect.width * rect.height, theme.track.character, theme.track.style)
        case .read(let share):
            let read = cells(share, of: rect)
            fill(&canvas, rect, from: 0, to: read, full, style)
            fill(&canvas, rect, from: read, to: rect.width * rect.height, theme.glyphs.stock, style)
        }
    }

    private func drawLevel(_ canvas: inout Canvas, _ rect: Rect, _ share: Double, _ style: Style) {
        let spark = theme.glyphs.spark
        let level = steps(share, of: rect.height * spark.count)
        for row in 0..<rect.height {
            let rest = min(spark.count, level - row * spark.count)
            guard rest > 0 else { return }
            canvas.fill(
                Rect(x: rect.x, y: rect.bottom - 1 - row, width: rect.width, height: 1), spark[rest - 1], style: style)
        }
    }

    private func cells(_ share: Double, of rect: Rect) -> Int { steps(share, of: rect.width * rect.height) }

    /// A little shows as one step, and what lacks a little as not full.
    private func steps(_ share: Double, of all: Int) -> Int {
        let steps = Int((min(1, max(0, share)) * Double(all)).rounded())
        return share <= 0 ? 0 : share >= 1 ? all : min(all - 1, max(1, steps))
    }

    /// Fills cells by their number, from the lowest row up and from left to right in each.
    private func fill(
        _ canvas: inout Canvas, _ rect: Rect, from first: Int, to end: Int, _ character: Character, _ style: Style
    ) {
        for row in 0..<rect.height {
            let (left, right) = (max(first, row * rect.width), min(end, (row + 1) * rect.width))
            guard left < right else { continue }
            canvas.fill(
                Rect(x: rect.x + left - row * rect.width, y: rect.bottom - 1 - row, width: right - left, height: 1),
                character, style: style)
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
            vessel.tanks.isEmpty ? 0 : vessel.tanks.reduce(0) { $0 + $1.fill.share } / Double(vessel.tanks.count)
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
