/// What a client has seen, and hands back with its next request: opaque to it.
public struct CausalContext: Hashable, Sendable {
    /// The writes seen, of all nodes.
    public var vector: VersionVector
    /// The highest timestamp among everything seen; a write under this context is stamped above it.
    public var timestamp: UInt64

    public init(vector: VersionVector = VersionVector(), timestamp: UInt64 = 0) {
        self.vector = vector
        self.timestamp = timestamp
    }

    public static let empty = CausalContext()

    public var isEmpty: Bool { vector.isEmpty && timestamp == 0 }
}
