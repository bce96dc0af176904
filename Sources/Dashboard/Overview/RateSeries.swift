/// A rate over time: a point for each second for which it is known. Bounded.
///
/// A poll tells the rate of the second before it, which counts until the next poll is due. If no poll came, the rate is
/// unknown, and that is not the same as zero.
public struct RateSeries: Hashable, Sendable {
    struct Point: Hashable, Sendable {
        /// Since 1970.
        var second: UInt64
        /// The last second for which it counts.
        var until: UInt64
        var value: Double
        /// True if it includes this program's own reads or writes: checks, loading.
        var isOwn: Bool
    }

    static let secondsMax: UInt64 = 600

    private(set) var points: [Point] = []

    /// - Parameters:
    ///   - holds: how long it counts if no other poll follows.
    ///   - isOwn: whether it includes this program's own work.
    mutating func add(_ value: Double, atMilliseconds now: UInt64, holdsMilliseconds holds: UInt64, isOwn: Bool = false)
    {
        let point = Point(second: now / 1_000, until: (now + holds) / 1_000, value: value, isOwn: isOwn)
        if let last = points.last, last.second >= point.second {
            // Of several polls in one second the last one counts; the second stays own if any of them was.
            points[points.count - 1] = point
            points[points.count - 1].second = last.second
            points[points.count - 1].isOwn = point.isOwn || last.isOwn
        } else {
            points.append(point)
        }
        points.removeAll { $0.second + Self.secondsMax < point.second }
    }

    /// Returns a point for each of `count` seconds, the last of them at `end`; nil for a second that is unknown.
    func seconds(_ count: Int, until end: UInt64) -> [Point?] {
        guard count > 0 else { return [] }
        var columns = [Point?](repeating: nil, count: count)
        let first = end - min(end, UInt64(count - 1))
        // The first second of the point after the current one.
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

    /// Returns the points of the last `count` seconds.
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
