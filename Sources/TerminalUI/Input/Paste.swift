/// Text that was pasted, where the terminal tells it from keys.
public struct Paste: Hashable, Sendable {
    /// More is left out, and counted: nobody types it into a line.
    public static let bytesMax = 65_536

    /// As it came, line breaks and all.
    public var text: String
    /// Bytes beyond those kept.
    public var bytesDropped: Int

    public init(_ text: String, bytesDropped: Int = 0) {
        self.text = text
        self.bytesDropped = bytesDropped
    }
}
