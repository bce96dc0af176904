/// Rows whose cells stand under one another, with a gap between any two: no cell ever touches the next, whatever is in it.
public struct SpanTable: Sendable {
    public enum Side: Sendable { case left, right }

    private let sides: [Side]
    private let gap: Int
    private var rows: [[[Span]]] = []

    /// - Parameters:
    ///   - sides: to which side of its column each cell is moved; cells beyond are moved to the left.
    ///   - gap: columns between two cells, one at the least.
    public init(_ sides: [Side], gap: Int = 2) {
        self.sides = sides
        self.gap = max(1, gap)
    }

    public mutating func add(_ cells: [[Span]]) { rows.append(cells) }

    /// A line for each row; a cell that ends its row is not filled up.
    public var lines: [[Span]] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].width : 0 }.max() ?? 0
        }
        return rows.map { cells in
            // Cells that are empty at a row's end take nothing.
            let count = (cells.lastIndex { $0.width > 0 } ?? -1) + 1
            var line: [Span] = []
            for (column, cell) in cells.prefix(count).enumerated() where widths[column] > 0 {
                if !line.isEmpty { line.append(Span(String(repeating: " ", count: gap))) }
                let blanks = Span(String(repeating: " ", count: widths[column] - cell.width))
                let isRight = sides.indices.contains(column) && sides[column] == .right
                if isRight { line.append(blanks) }
                line += cell
                if !isRight, column < count - 1 { line.append(blanks) }
            }
            return line
        }
    }
}
