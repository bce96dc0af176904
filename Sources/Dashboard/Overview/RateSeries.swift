/// A rate over time, a point for each second of which it is known. Bounded.
///
/// A poll tells the rate of the second before it; until the next poll is due it counts on. Where none came, nothing is
/// known, and that is not the same as nought.
public struct RateSeries: Hashable, Sendable {
    struct Point: Hashable, Sendable {
        /// Since 1970.
        var second: UInt64
        /// The last second that it counts for.
        var until: UInt64
        var value: Double
        /// True where reads or writes of this program's own are in it: checks, loading.
        var isOwn: Bool
    }

    static let secondsMax: UInt64 = 600

    private(set) var points: [Point] = []

    /// - Parameters:
    ///   - holds: for how long it counts where nothing else comes.
    ///   - isOwn: whether this program's own work is in it.
    mutating func add(_ value: Double, atMilliseconds now: UInt64, holdsMilliseconds holds: UInt64, isOwn: Bool = false)
    {
        let point = Point(second: now / 1_000, until: (now + holds) / 1_000, value: value, isOwn: isOwn)
        if let last = points.last, last.second >= point.second {
            // Of several polls in one second the last says it; what was own in it stays so.
            points[points.count - 1] = point
            points[points.count - 1].second = last.second
            points[points.count - 1].isOwn = point.isOwn || last.isOwn
        } else {
            points.append(point)
        }
        points.removeAll { $0.second + Self.secondsMax < point.second }
    }

    /// A point for each of so many seconds, the last of them at `end`; nil where nothing is known.
    func seconds(_ count: Int, until end: UInt64) -> [Point?] {
        guard count > 0 else { return [] }
        var columns = [Point?](repeating: nil, count: count)
        let first = end - min(end, UInt64(count - 1))
        // What comes behind the point in hand.
        var next = end + 1
        for point in points.reversed() {
            let last = min(point.until, next - 1, end)
            next = point.second
            if last >= max(first, point.second) {
                for second in max(first, point.second)...last { columns[count - 1 - Int(end - second)] = point }
            }
            guard point.second > first else { break }
        }
        return columns
    }

    /// What is known of the last of its seconds.
    func newest(_ count: UInt64) -> ArraySlice<Point> {
        guard let last = points.last else { return [] }
        return points[(points.firstIndex { $0.second + count > last.second } ?? points.endIndex)...]
    }

    /// The second that a graph ends with: that of the newest poll while the next one is not overdue, so that a graph
    /// moves with polls and not between them.
    func end(atMilliseconds now: UInt64) -> UInt64 {
        guard let last = points.last else { return now / 1_000 }
        return now / 1_000 <= last.until ? last.second : now / 1_000
    }
}
