import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    /// The values that all members' lines share, found once for a frame.
    struct MemberLines: Sendable {
        /// Columns of the longest node's name.
        private(set) var address: Int
        /// Columns of the longest condition in words at present, so that the text behind it is aligned.
        let condition: Int
        /// Columns of the largest count of keys, of a shard or of one member.
        let keys: Int
        let hasTraffic: Bool
        let selected: MemberID?
        /// Operations a second of the busiest member.
        let busiest: Double
        /// Members that hold the followed key; nil while none is followed.
        let holders: Set<MemberID>?

        /// Makes the values for whole addresses.
        init(_ model: DashboardModel) {
            let digest = model.digest
            (address, condition, keys) = (digest.addressColumns, digest.conditionColumns, digest.keysColumns)
            (hasTraffic, busiest) = (digest.hasTraffic, digest.busiest)
            selected = model.selected?.id
            holders = model.followed.map { followed in
                Set((followed.location?.holders ?? []).filter { $0.holding == .value }.map(\.member))
            }
        }

        /// Adapts the values to these labels.
        mutating func fit(_ members: [Member], to labels: NodeLabels) {
            guard !labels.areWhole else { return }
            address = members.lazy.map { labels[$0.id].columns }.max() ?? 0
        }

        /// Columns of the parts that do not give way: a mark, the address, the followed key's sign, the condition.
        var head: Int { 2 + address + 1 + (holders == nil ? 0 : 2) + condition }
    }

    private static let memberColumnsMax = 72
    private static let ratesColumns = 20
    private static let loadColumnsMin = 10

    /// Draws a member's line, the same in panels and in the list: name and condition left, the figure right.
    /// - Parameter hasBar: true to show its operations, as a bar against the busiest member's and as a figure.
    func draw(_ canvas: inout Canvas, _ rect: Rect, _ member: Member, hasBar: Bool = false) {
        let isSelected = member.id == memberLines.selected
        let isFocused = isSelected && model.pane == .shards
        canvas.mark(rect, Target(Place.node(member.id)))
        let style = style(of: member)
        // The cursor is seen from every panel, as it shows which node a fault would strike.
        canvas.put(
            isSelected ? theme.marks.cursor : " ", x: rect.x - 1, y: rect.y,
            style: isFocused ? theme.accent : theme.muted)
        let width = hasBar ? rect.width : min(rect.width, Self.memberColumnsMax)
        let figure = figure(of: member, width: width)
        let bar = hasBar && !member.condition.isBad ? barColumns(width: width) : 0
        let room =
            width - figure.width - (figure.isEmpty ? 0 : 1) - (bar > 0 ? barRoom(width: width) - figure.width : 0)
        var line = FittedLine(gap: [Span(" ")])
        line.add(mark(of: member), style, priority: 9)
        line.add(
            labels[member.id].padded(to: memberLines.address), isFocused ? theme.strong : theme.plain, priority: 9)
        if let holders = memberLines.holders {
            line.add(holders.contains(member.id) ? theme.marks.key : " ", theme.accent, priority: 9)
        }
        let words = model.words(of: member)
        line.add(room >= memberLines.head ? words.padded(to: memberLines.condition) : words, style, priority: 8)
        if let lag = member.lag, !member.condition.isBad, lag.amount > 0 || memberLines.hasTraffic {
            // While there is traffic the lag comes and goes, so it has a place of its own.
            let text = lag.amount > 0 ? "lag \(Self.words(of: lag))" : ""
            line.add(
                memberLines.hasTraffic ? text.padded(to: 7) : text, theme.warning,
                priority: Self.isSmall(lag) ? 1 : 5)
        }
        // If there is a bar, the rate stands beside it.
        if bar == 0, member.readsPerSecond == nil, let rate = member.operationsPerSecond, rate >= 1 {
            line.add("\(Figures.rate(rate).aligned(to: 5)) op/s", theme.muted, priority: 2)
        }
        if let reads = member.readsPerSecond, let writes = member.writesPerSecond, reads + writes >= 1 {
            line.add(
                "\(Figures.rate(reads).aligned(to: 5)) r/s \(Figures.rate(writes).aligned(to: 5)) w/s", theme.muted,
                priority: 2)
        }
        if member.condition.isBad, let problem = member.problem {
            line.add(labels.shortened(problem), theme.muted, priority: 1)
        }
        canvas.put(line.spans(width: room), x: rect.x, y: rect.y, width: width)
        canvas.put(figure, x: rect.x + width - figure.width, y: rect.y)
        guard bar > 0 else { return }
        drawLoad(&canvas, x: rect.x + width - barRoom(width: width), y: rect.y, width: bar, member)
    }

    static func words(of lag: Member.Lag) -> String {
        switch lag.unit {
        case .writes: Figures.count(Int(clamping: lag.amount))
        case .bytes: Figures.bytes(lag.amount)
        }
    }

    /// True for a lag no larger than what is on its way at any moment.
    private static func isSmall(_ lag: Member.Lag) -> Bool {
        lag.amount < (lag.unit == .writes ? 20 : 1_048_576)
    }

    /// Draws a member's operations a second: the figure, and before it a bar if there is room. Blank while it is idle.
    private func drawLoad(_ canvas: inout Canvas, x: Int, y: Int, width: Int, _ member: Member) {
        guard (member.allOperationsPerSecond ?? 0) >= 1 else { return }
        let operations = member.allOperationsPerSecond ?? 0
        let rate = Figures.rate(operations)
        let forms = [rate.aligned(to: 5) + " op/s", rate + " op/s", rate]
        guard let text = forms.first(where: { $0.columns <= width }) else { return }
        canvas.put(text, x: x + width - text.columns, y: y, style: theme.muted)
        let room = width - text.columns - 1
        guard room >= 4 else { return }
        canvas.bar(
            x: x, y: y, width: room, fraction: operations / memberLines.busiest,
            style: member.shard.map(style(of:)) ?? theme.accent, track: theme.track, glyphs: theme.glyphs)
    }

    /// Columns of a member's operations: none if there is no room for their figure. They depend on nothing that comes
    /// and goes with traffic.
    private func barColumns(width: Int) -> Int {
        let rest = width - memberLines.head - 1 - figureColumns - 1
        let hasRates = rest >= Self.ratesColumns + 14
        let bar = rest - 1 - (hasRates ? Self.ratesColumns + 8 : 0)
        return bar >= Self.loadColumnsMin ? min(bar, 34) : 0
    }

    /// Columns from the bar's beginning to the line's end.
    private func barRoom(width: Int) -> Int { barColumns(width: width) + 1 + figureColumns }

    private var figureColumns: Int {
        isConfirming ? "\(theme.glyphs.arrow) shard 00 100 %".columns : max(5, memberLines.keys)
    }

    /// True while members take in portions: their progress then stands in place of their keys.
    private var isConfirming: Bool { model.isMigrating && model.change?.parts.contains { $0.planned > 0 } == true }

    func mark(of member: Member) -> String {
        model.isInjured(member) && !member.condition.isBad
            ? theme.marks.warning : theme.mark(of: member.condition.level)
    }

    func style(of member: Member) -> Style {
        model.isInjured(member) && !member.condition.isBad ? theme.warning : theme.style(of: member.condition.level)
    }

    /// The keys that a member holds; in a running change how much of its portion it has confirmed; for a member that
    /// does not answer, since when. If room is short, a bad condition goes before the figure.
    private func figure(of member: Member, width: Int) -> [Span] {
        let forms = figures(of: member)
        guard model.isInjured(member) || !member.condition.isGood else { return forms.first ?? [] }
        let head = 2 + memberLines.address + 1 + (memberLines.holders == nil ? 0 : 2) + model.words(of: member).columns
        return forms.first { head + 1 + $0.width <= width } ?? []
    }

    /// The possible figures, the longest first.
    private func figures(of member: Member) -> [[Span]] {
        if let part = part(of: member.id) { return part }
        if member.condition.isBad {
            guard let last = member.answeredMilliseconds else { return [] }
            let seconds = (model.nowMilliseconds - min(model.nowMilliseconds, last)) / 1_000
            return [[Span("for \(seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min")", theme.muted)]]
        }
        return member.keys.map { [[Span(Figures.count($0), theme.plain)]] } ?? []
    }

    private func part(of node: MemberID) -> [[Span]]? {
        guard model.isMigrating, let part = model.change?.parts.first(where: { $0.member == node }), part.planned > 0,
            part.isTaking
        else { return nil }
        let style = part.to.map(style(of:)) ?? theme.accent
        let share = Span("\(part.confirmed * 100 / part.planned) %".aligned(to: 6), theme.plain)
        let to = part.to.map { "\($0)" } ?? "-"
        return [
            [Span("\(theme.glyphs.arrow) shard \(to)", style), share],
            [Span("\(theme.glyphs.arrow) \(to)", style), share],
        ]
    }
}
