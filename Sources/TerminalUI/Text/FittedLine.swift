/// A line of parts of which the less important give way where there is no room.
public struct FittedLine: Sendable {
    private struct Part: Sendable {
        var spans: [Span]
        var priority: Int
    }

    private var parts: [Part] = []
    private let gap: [Span]

    /// - Parameter gap: stands between two parts.
    public init(gap: [Span]) { self.gap = gap }

    /// Adds a part at the end. The lower the priority the sooner it gives way; of equals the later goes first.
    public mutating func add(_ spans: [Span], priority: Int) {
        guard spans.width > 0 else { return }
        parts.append(Part(spans: spans, priority: priority))
    }

    public mutating func add(_ text: String, _ style: Style, priority: Int) {
        add([Span(text, style)], priority: priority)
    }

    /// Columns that all parts take together.
    public var width: Int { Self.width(parts, gap: gap.width) }

    /// Adds the parts of another line at the end.
    public mutating func add(_ other: FittedLine) { parts += other.parts }

    /// The parts of a priority of `least` or more, that fit `width` columns together.
    public func spans(width: Int, least: Int) -> [Span] {
        var line = self
        line.parts.removeAll { $0.priority < least }
        return line.spans(width: width)
    }

    /// The parts that fit `width` columns together, in the order in which they were added. The others are left out
    /// whole.
    public func spans(width: Int) -> [Span] {
        var kept = parts
        while !kept.isEmpty, Self.width(kept, gap: gap.width) > width {
            guard let lowest = kept.map(\.priority).min(),
                let index = kept.lastIndex(where: { $0.priority == lowest })
            else { break }
            kept.remove(at: index)
        }
        return Array(kept.map(\.spans).joined(separator: gap))
    }

    private static func width(_ parts: [Part], gap: Int) -> Int {
        parts.reduce(0) { $0 + $1.spans.width } + gap * max(0, parts.count - 1)
    }
}
