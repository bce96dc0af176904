import ClusterModel

/// Keys on their way, as dots between the two ends of a change of the layout.
///
/// Dots come from the nodes' own counters alone: whenever a counter has grown by ``keysPerDot``, one dot leaves. The
/// dots of one poll leave spread over the time until the next, so that the stream is as even as the work.
public struct Flow: Equatable, Sendable {
    /// The lane of a dot: from the shard that is read to the coordinator, from there into the portion of the new shard,
    /// from there to a node, or from one shard to another.
    public enum Lane: Hashable, Sendable {
        case meter(ShardID)
        case portion(ShardID)
        case part(MemberID)
        case pair(ShardID, ShardID)
    }

    /// The time that a dot takes from one end of a lane to the other, however long the lane is drawn.
    public static let travelMilliseconds: UInt64 = 900
    /// The approximate number of dots for all keys of one change.
    private static let dotsPerChange = 240
    static let dotsMax = 4_000

    /// The number of keys that one dot stands for: 1, 2, 5, 10 ...; the same throughout one change.
    public private(set) var keysPerDot = 1
    /// The times at which dots leave, since 1970; some may be in the near future.
    private(set) var dots: [Lane: [UInt64]] = [:]
    private var counted: [Lane: Int] = [:]
    private var id: String?
    private var lastMilliseconds: UInt64 = 0
    /// True once the nodes were polled.
    private var isPolled = false

    public init() {}

    /// True while a dot is under way or about to leave.
    public func isMoving(atMilliseconds now: UInt64) -> Bool {
        dots.values.contains { $0.last.map { now < $0 + Self.travelMilliseconds } ?? false }
    }

    /// Returns how far along the lane each dot is, 0 ..< 1, in the order in which they left.
    func places(on lane: Lane, atMilliseconds now: UInt64) -> [Double] {
        (dots[lane] ?? []).compactMap { left in
            guard left <= now, now < left + Self.travelMilliseconds else { return nil }
            return Double(now - left) / Double(Self.travelMilliseconds)
        }
    }

    mutating func add(_ change: Change?, keys: Int?, atMilliseconds now: UInt64) {
        for (lane, times) in dots {
            let kept = times.filter { now < $0 + Self.travelMilliseconds }
            dots[lane] = kept.isEmpty ? nil : kept
        }
        let wasPolled = isPolled
        isPolled = true
        guard let change else { return }
        let isNew = change.id != id
        if isNew {
            self = Flow()
            isPolled = true
            id = change.id
            let counted = change.stages.flatMap(\.meters).reduce(0) { $0 + $1.total }
            let total = change.pairUnit == "key" ? max(keys ?? 0, counted) : change.pairs.reduce(0) { $0 + $1.planned }
            keysPerDot = Self.roundFigure(atLeast: total / Self.dotsPerChange)
            lastMilliseconds = now
        }
        // Work that was done before the first look was not seen moving, so no dots leave for it.
        let isFirstLook = isNew && (change.isOver || !wasPolled)
        let interval = min(500, max(60, now - min(now, lastMilliseconds)))
        lastMilliseconds = now
        for (lane, count) in Self.counters(of: change) {
            let before = isFirstLook ? count : counted[lane] ?? 0
            counted[lane] = max(before, count)
            let new = min(count / keysPerDot - min(before, count) / keysPerDot, Self.dotsMax)
            guard new > 0 else { continue }
            var times = dots[lane] ?? []
            for number in 0..<new { times.append(now + interval * UInt64(number) / UInt64(new)) }
            dots[lane] = times.suffix(Self.dotsMax)
        }
    }

    private static func counters(of change: Change) -> [(Lane, Int)] {
        let meters = change.stages.flatMap(\.meters).map { (Lane.meter($0.shard), $0.done) }
        guard change.stages.contains(where: { $0.picture == .pairs }) else {
            return meters + change.portions.map { (.portion($0.shard), $0.planned) }
                + change.parts.map { (.part($0.member), $0.sent) }
        }
        return meters + change.pairs.filter { $0.from != $0.to }.map { (.pair($0.from, $0.to), $0.done) }
    }

    /// The least of 1, 2, 5, 10, 20, 50 ... that is not below `value`.
    static func roundFigure(atLeast value: Int) -> Int {
        var unit = 1
        while unit < 1_000_000_000 {
            for step in [1, 2, 5] where step * unit >= value { return step * unit }
            unit *= 10
        }
        return unit
    }
}
