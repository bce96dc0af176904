/// An extent in cells.
public struct Size: Hashable, Sendable, Codable {
    /// Columns; never negative.
    public let width: Int
    /// Rows; never negative.
    public let height: Int

    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
    }
}
