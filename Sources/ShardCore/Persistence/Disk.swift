/// A replica's dealings with its disk.
struct Disk: Sendable {
    /// Nil for a node without one.
    var journal: Journal?
    /// False while it cannot be written: then this node takes nothing in.
    private(set) var isWritable = true

    /// - Returns: false if that is no news.
    mutating func note(isWritable: Bool) -> Bool {
        defer { self.isWritable = isWritable }
        return self.isWritable != isWritable
    }
}
