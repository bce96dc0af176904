/// The writes that a client has seen. It hands this back with its next request, and cannot read it.
public struct CausalContext: Hashable, Sendable {
    /// The writes seen, of all nodes.
    public var vector: VersionVector
    /// The highest timestamp among everything seen; a write under this context is stamped above it.
    public var timestamp: UInt64
    /// The epoch whose baseline counts as seen, which ``vector`` therefore need not name; 0 where none was left out. A
    /// node that has not got that far must take its layout over before it answers.
    public var epoch: UInt64
    /// Which cluster gave it; 0 where none did. See ``ClusterMark``.
    public var cluster: UInt64

    public init(
        vector: VersionVector = VersionVector(), timestamp: UInt64 = 0, epoch: UInt64 = 0, cluster: UInt64 = 0
    ) {
        self.cluster = cluster
        self.vector = vector
        self.timestamp = timestamp
        self.epoch = epoch
    }

    /// Takes in what another context saw.
    public mutating func merge(_ other: CausalContext) {
        vector.merge(other.vector)
        timestamp = max(timestamp, other.timestamp)
        epoch = max(epoch, other.epoch)
        // The tag of a cluster whose id is settled is above that of the same one before.
        cluster = max(cluster, other.cluster)
    }

    public static let empty = CausalContext()

    /// False where it names what no node has come to; see ``Bounds``.
    public var isWithinBounds: Bool {
        timestamp <= Bounds.timestampMax && epoch <= Bounds.epochMax
            && vector.elements.allSatisfy {
                $0.counter <= Bounds.countMax && $0.origin.epoch <= Bounds.epochMax
                    && $0.origin.incarnation < Bounds.incarnationMax
            }
    }

    public var isEmpty: Bool { vector.isEmpty && timestamp == 0 && epoch == 0 }
}
