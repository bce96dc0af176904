/// How much of a shard its panel shows: the more rows there are, the more of its load over time.
struct PanelForm: Hashable, Sendable {
    /// The rows for operations: one has figures with a sparkline, more have the figures and a graph below them.
    var operationRows: Int
    /// True if blank rows set the graph apart.
    var isAiry = false

    /// All forms, from the largest to the one that has only a line for the count and one for each member.
    static let all = [
        PanelForm(operationRows: 14, isAiry: true), PanelForm(operationRows: 10, isAiry: true),
        PanelForm(operationRows: 7, isAiry: true), PanelForm(operationRows: 6, isAiry: true),
        PanelForm(operationRows: 5, isAiry: true), PanelForm(operationRows: 4, isAiry: true),
        PanelForm(operationRows: 4), PanelForm(operationRows: 3), PanelForm(operationRows: 1), compact,
    ]
    static let compact = PanelForm(operationRows: 0)

    /// True for a form whose graph is too high to stand above events; beside them there is room.
    var isTall: Bool { operationRows > 7 }

    var isCompact: Bool { operationRows == 0 }

    /// Rows that a shard takes beside its frame, its count and its members: a bar, its operations, and blank ones.
    var extraRows: Int { isCompact ? 0 : 1 + operationRows + (isAiry ? 2 : 0) }
}
