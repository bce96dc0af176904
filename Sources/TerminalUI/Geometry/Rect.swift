/// A rectangle of cells; the origin is the upper left corner.
public struct Rect: Hashable, Sendable {
    public let x: Int
    public let y: Int
    /// Columns; never negative.
    public let width: Int
    /// Rows; never negative.
    public let height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    public init(_ size: Size) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

    /// The first column to the right of it.
    public var right: Int { x + width }
    /// The first row below it.
    public var bottom: Int { y + height }
    public var isEmpty: Bool { width == 0 || height == 0 }

    public func contains(x column: Int, y row: Int) -> Bool {
        column >= x && column < right && row >= y && row < bottom
    }

    public func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(right, other.right) - left, height: min(bottom, other.bottom) - top)
    }

    /// Without `columns` at its left and right and `rows` at its top and bottom.
    public func inset(columns: Int, rows: Int) -> Rect {
        Rect(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
    }

    /// The upper part, at most `rows` high, and what lies below it.
    public func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
        let taken = min(max(0, rows), height)
        return (
            Rect(x: x, y: y, width: width, height: taken),
            Rect(x: x, y: y + taken, width: width, height: height - taken)
        )
    }

    /// The lower part, at most `rows` high, and what lies above it.
    public func splitBottom(_ rows: Int) -> (rest: Rect, bottom: Rect) {
        let (rest, taken) = splitTop(height - min(max(0, rows), height))
        return (rest, taken)
    }

    /// The left part, at most `columns` wide, and what lies to the right of it.
    public func splitLeft(_ columns: Int) -> (left: Rect, rest: Rect) {
        let taken = min(max(0, columns), width)
        return (
            Rect(x: x, y: y, width: taken, height: height),
            Rect(x: x + taken, y: y, width: width - taken, height: height)
        )
    }

    /// Side by side, as equal as whole columns allow; the first ones are the wider.
    public func columns(_ count: Int) -> [Rect] {
        guard count > 0 else { return [] }
        var result: [Rect] = []
        var left = x
        for index in 0..<count {
            let columns = width / count + (index < width % count ? 1 : 0)
            result.append(Rect(x: left, y: y, width: columns, height: height))
            left += columns
        }
        return result
    }

    /// A rectangle of at most `size`, in the middle.
    public func centered(_ size: Size) -> Rect {
        let columns = min(size.width, width)
        let rows = min(size.height, height)
        return Rect(x: x + (width - columns) / 2, y: y + (height - rows) / 2, width: columns, height: rows)
    }
}
