import ShardCore

/// The simulated network: its delays, losses and cuts.
public struct SimulatedNetwork: Sendable {
    public var latencyMicroseconds: ClosedRange<UInt64> = 50...500
    /// The share of the messages that never arrive.
    public var loss = 0.0
    /// The share of the messages that arrive twice.
    public var duplication = 0.0
    /// The share of the messages that take up to ``delayMicrosecondsMax`` longer, so that later ones overtake them.
    public var delay = 0.0
    public var delayMicrosecondsMax: UInt64 = 400_000
    /// Links that carry nothing, each in one direction.
    public var cut: Set<Link> = []
    /// Links that are slow or lose much while the others do well, each in one direction.
    public var clogs: [Link: Clog] = [:]

    /// The losses and delays of one link, besides those of all links.
    public struct Clog: Hashable, Sendable {
        public let loss: Double
        public let delayMicroseconds: ClosedRange<UInt64>

        public init(loss: Double, delayMicroseconds: ClosedRange<UInt64>) {
            self.loss = loss
            self.delayMicroseconds = delayMicroseconds
        }
    }

    public struct Link: Hashable, Sendable {
        public let from: NodeAddress
        public let to: NodeAddress

        public init(from: NodeAddress, to: NodeAddress) {
            self.from = from
            self.to = to
        }
    }

    public init() {}

    /// Cuts every link between the two groups.
    public mutating func partition(_ left: [NodeAddress], from right: [NodeAddress]) {
        for one in left {
            for other in right {
                cut.insert(Link(from: one, to: other))
                cut.insert(Link(from: other, to: one))
            }
        }
    }

    public mutating func heal() {
        cut = []
        clogs = [:]
    }

    /// The times at which the message arrives: none, one or two.
    mutating func arrivals(
        from: NodeAddress, to: NodeAddress, using random: inout SeededRandom
    ) -> [UInt64] {
        guard !cut.contains(Link(from: from, to: to)), !random.chance(loss) else { return [] }
        let clog = clogs.isEmpty ? nil : clogs[Link(from: from, to: to)]
        if let clog, random.chance(clog.loss) { return [] }
        let copies = random.chance(duplication) ? 2 : 1
        return (0..<copies).map { _ in
            var time = UInt64.random(in: latencyMicroseconds, using: &random)
            if random.chance(delay) { time += UInt64.random(in: 0...delayMicrosecondsMax, using: &random) }
            if let clog { time += UInt64.random(in: clog.delayMicroseconds, using: &random) }
            return time
        }
    }
}
