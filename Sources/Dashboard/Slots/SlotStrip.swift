import ClusterModel
import TerminalUI
import Wording

/// All slots in one row, in the colours of the shards that own them and with their names, so that nothing rests on
/// colour alone; slots that are on their way in their new owner's colour.
extension Drawing {
    /// The least rows of a screen with the strip; on a lower one every row is needed for the nodes.
    static let stripRowsMin = 20
    private static let label = "slots "

    func drawSlotStrip(_ canvas: inout Canvas, _ rect: Rect, _ map: SlotMap) {
        let used = canvas.put(Self.label, x: rect.x + 1, y: rect.y, style: theme.muted)
        let strip = Rect(x: rect.x + 1 + used, y: rect.y, width: rect.width - 2 - used, height: 1)
        guard strip.width >= 10 else { return }
        let cells = SlotCells(map, count: strip.width)
        let full = String(theme.glyphs.bar[theme.glyphs.bar.count - 1])
        for (place, cell) in cells.cells.enumerated() {
            let x = strip.x + place
            if cell.isUncovered {
                canvas.put(theme.marks.bad, x: x, y: strip.y, style: theme.bad)
            } else if let target = cell.target {
                canvas.put(theme.glyphs.head, x: x, y: strip.y, style: style(of: target).adding([.bold, .reverse]))
            } else if let shard = cell.shard {
                canvas.put(full, x: x, y: strip.y, style: style(of: shard))
            }
        }
        for stretch in cells.stretches where !stretch.isMoving {
            guard let shard = stretch.shard else { continue }
            let name = " \(self.name(of: shard)) "
            let room = stretch.cells.count
            guard name.columns + 2 <= room else { continue }
            canvas.put(
                name, x: strip.x + stretch.cells.lowerBound + (room - name.columns) / 2, y: strip.y,
                style: style(of: shard).adding(.bold))
        }
    }

    /// The number of the shard's slots; empty if its engine has none.
    func slotSpans(of shard: Shard) -> [Span] {
        guard let slots = shard.slots else { return [] }
        return [Span(Figures.count(slots), theme.plain), Span(" " + Plural.noun("slot", slots), theme.muted)]
    }
}
