/// The upper end of a graph: a round number, so that it seldom changes.
struct GraphScale: Hashable, Sendable {
    /// The number of seconds whose rates decide the scale, however many a graph has room for.
    static let seconds: UInt64 = 120

    /// The upper end of the graph; 0 if there is nothing to draw.
    let top: Double

    /// Cuts the highest value off if it is far above the usual ones, so that one burst does not flatten all else. This
    /// program's own work decides only if there is nothing else.
    init(_ series: some Sequence<RateSeries>) {
        var (clients, own): ([Double], [Double]) = ([], [])
        for points in series.lazy.map({ $0.newest(Self.seconds) }) {
            for point in points where point.value >= 1 {
                if point.isOwn { own.append(point.value) } else { clients.append(point.value) }
            }
        }
        let values = (clients.isEmpty ? own : clients).sorted()
        guard let most = values.last else {
            top = 0
            return
        }
        let usual = values[(values.count - 1) * 9 / 10]
        top = Self.round(most <= usual * 2 ? most : usual * 1.25)
    }

    private static let steps: [Double] = [1, 1.5, 2, 3, 4, 5, 6, 8, 10]

    /// The least round number that is not below `value`.
    private static func round(_ value: Double) -> Double {
        var unit = 1.0
        while value > unit * 10 { unit *= 10 }
        return (steps.first { $0 * unit >= value } ?? 10) * unit
    }
}
