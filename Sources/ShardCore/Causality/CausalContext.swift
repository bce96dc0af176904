/// The writes that a client has seen. The client hands this back with its next request, and cannot read it.
public struct CausalContext: Hashable, Sendable {
    /// The writes seen, of all nodes.
    public var vector: VersionVector
    /// The highest timestamp among everything seen; a write under this context is stamped above it.
    public var timestamp: UInt64
    /// The epoch whose baseline counts as seen, so that ``vector`` need not name its writes; 0 if none was left out. A
    /// node that is behind that epoch must take over its layout before it answers.
    public var epoch: UInt64
    /// The tag of the cluster that gave this context; 0 if none did. See ``ClusterMark``.
    public var cluster: UInt64

    public init(
        vector: VersionVector = VersionVector(), timestamp: UInt64 = 0, epoch: UInt64 = 0, cluster: UInt64 = 0
    ) {
        self.cluster = cluster
        self.vector = vector
        self.timestamp = timestamp
        self.epoch = epoch
    }

    /// Takes in the writes of another context of the same cluster.
    public mutating func merge(_ other: CausalContext) {
        vector.merge(other.vector)
        timestamp = max(timestamp, other.timestamp)
        epoch = max(epoch, other.epoch)
        // Of one cluster's tags, the one given after its id was settled is the greater.
        cluster = max(cluster, other.cluster)
    }

    public static let empty = CausalContext()

    /// False if it names a number that no node can have come to; see ``Bounds``.
    public var isWithinBounds: Bool {
        timestamp <= Bounds.timestampMax && epoch <= Bounds.epochMax
            && vector.elements.allSatisfy {
                $0.counter <= Bounds.countMax && $0.origin.epoch <= Bounds.epochMax
                    && $0.origin.incarnation < Bounds.incarnationMax
            }
    }

    /// The latest epoch that it names.
    var latestEpoch: UInt64 { vector.elements.reduce(epoch) { max($0, $1.origin.epoch) } }

    public var isEmpty: Bool { vector.isEmpty && timestamp == 0 && epoch == 0 }
}
