/// A screen in the making: cells, and writes that never leave them.
public struct Canvas: Hashable, Sendable {
    public let size: Size
    /// Row by row.
    public private(set) var cells: [Cell]
    /// Writes outside it are dropped.
    public private(set) var clip: Rect
    /// The parts that can be clicked, the uppermost last.
    public private(set) var regions: [Region] = []
    /// The lines that each part that can be scrolled has beyond those that are shown.
    public private(set) var overflow: [Target: Int] = [:]

    public init(_ size: Size) {
        self.size = size
        cells = Array(repeating: .blank, count: size.width * size.height)
        clip = Rect(size)
    }

    public var bounds: Rect { Rect(size) }

    /// The cell at a place; blank outside the canvas.
    public subscript(x x: Int, y y: Int) -> Cell {
        bounds.contains(x: x, y: y) ? cells[y * size.width + x] : .blank
    }

    /// The target that a click at a place means; nil if none was marked.
    public func target(x: Int, y: Int) -> Target? { regions.last { $0.rect.contains(x: x, y: y) }?.target }

    /// Lets a rectangle stand for `target`.
    public mutating func mark(_ rect: Rect, _ target: Target) {
        let area = rect.intersection(clip)
        if !area.isEmpty { regions.append(Region(rect: area, target: target)) }
    }

    /// Says how far something can be scrolled.
    public mutating func note(overflow lines: Int, of target: Target) { overflow[target] = max(0, lines) }

    /// Limits what `body` writes to `rect`, within the limits already in force.
    public mutating func within(_ rect: Rect, _ body: (inout Canvas) -> Void) {
        let outer = clip
        clip = outer.intersection(rect)
        body(&self)
        clip = outer
    }

    /// Writes text from a place to the right, as far as `width` columns and the clip allow. A wide character that fits
    /// by half is left out. Returns the columns that the text took or would have taken within `width`.
    @discardableResult
    public mutating func put(_ text: String, x: Int, y: Int, style: Style = .plain, width: Int = .max) -> Int {
        if text.isPlain { return put(plain: text.utf8, x: x, y: y, style: style, width: width) }
        var used = 0
        for character in text {
            guard let (visible, columns) = character.cell else { continue }
            if columns > width - used { break }
            set(visible, columns: columns, x: x + used, y: y, style: style)
            used += columns
            for (visible, columns) in character.moreCells where columns <= width - used {
                set(visible, columns: columns, x: x + used, y: y, style: style)
                used += columns
            }
        }
        return used
    }

    /// The same of text whose bytes take a column each.
    private mutating func put(plain text: String.UTF8View, x: Int, y: Int, style: Style, width: Int) -> Int {
        let used = min(text.count, max(0, width))
        var place = x
        for byte in text.prefix(used) {
            set(Character(Unicode.Scalar(byte)), columns: 1, x: place, y: y, style: style)
            place += 1
        }
        return used
    }

    /// Writes spans one after the other; returns the columns taken.
    @discardableResult
    public mutating func put(_ spans: [Span], x: Int, y: Int, width: Int = .max) -> Int {
        var used = 0
        for span in spans where used < width {
            let columns = put(span.text, x: x + used, y: y, style: span.style, width: width - used)
            if let target = span.target { mark(Rect(x: x + used, y: y, width: columns, height: 1), target) }
            used += columns
        }
        return used
    }

    /// Fills a rectangle with one character of one column.
    public mutating func fill(_ rect: Rect, _ character: Character = " ", style: Style = .plain) {
        let area = rect.intersection(clip)
        guard !area.isEmpty else { return }
        for y in area.y..<area.bottom {
            for x in area.x..<area.right { set(character, columns: 1, x: x, y: y, style: style) }
        }
    }

    /// Changes the styles of a rectangle and leaves its characters.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let area = rect.intersection(clip)
        guard !area.isEmpty else { return }
        for y in area.y..<area.bottom {
            for x in area.x..<area.right { change(&cells[y * size.width + x].style) }
        }
    }

    private mutating func set(_ character: Character, columns: Int, x: Int, y: Int, style: Style) {
        guard clip.contains(x: x, y: y), clip.contains(x: x + columns - 1, y: y) else { return }
        let index = y * size.width + x
        separate(at: index, column: x)
        if columns == 2 { separate(at: index + 1, column: x + 1) }
        cells[index] = Cell(character, style: style)
        if columns == 2 { cells[index + 1] = Cell(" ", style: style, isContinuation: true) }
    }

    /// Blanks the other half of a wide character that is about to lose the half at `index`.
    private mutating func separate(at index: Int, column: Int) {
        if cells[index].isContinuation, column > 0 {
            cells[index - 1].character = " "
            cells[index].isContinuation = false
        }
        if column + 1 < size.width, cells[index + 1].isContinuation {
            cells[index + 1] = Cell(" ", style: cells[index + 1].style)
        }
    }
}
