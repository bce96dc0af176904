/// The counter that numbered a write: one start of one node, in one epoch.
///
/// Counters run per origin, from 1, without gaps. A node that starts again without its disk gets a new incarnation,
/// and a new epoch starts every counter anew, so no counter is ever used twice.
public struct Origin: Hashable, Comparable, Sendable, Codable {
    public let node: NodeAddress
    public let incarnation: UInt64
    public let epoch: UInt64

    public init(node: NodeAddress, incarnation: UInt64, epoch: UInt64) {
        self.node = node
        self.incarnation = incarnation
        self.epoch = epoch
    }

    /// The numbers first: they are compared at once, and incarnations of different nodes are hardly ever the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.incarnation == right.incarnation && left.epoch == right.epoch && left.node == right.node
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        if left.node != right.node { return left.node < right.node }
        return left.incarnation < right.incarnation
    }
}

/// One write: the `counter`-th that its origin accepted.
public struct Dot: Hashable, Sendable, Codable {
    public let origin: Origin
    public let counter: UInt64

    public init(origin: Origin, counter: UInt64) {
        self.origin = origin
        self.counter = counter
    }
}

/// A write's name, and its rank among other writes of the same key.
///
/// Of two versions the one with the higher timestamp wins; equal timestamps rank by origin, then by counter. A
/// timestamp is always above those of everything the write depends on, so a causally later write always wins.
public struct Version: Hashable, Comparable, Sendable, Codable {
    public let dot: Dot
    /// Hybrid logical time; see ``HybridClock``.
    public let timestamp: UInt64

    public init(dot: Dot, timestamp: UInt64) {
        self.dot = dot
        self.timestamp = timestamp
    }

    public static func < (left: Self, right: Self) -> Bool {
        if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
        if left.dot.origin != right.dot.origin { return left.dot.origin < right.dot.origin }
        return left.dot.counter < right.dot.counter
    }
}
