/// How much of a shard its panel shows: the more rows there are, the more of its load over time.
struct PanelForm: Hashable, Sendable {
    /// A row of figures with a sparkline in it, or, of more, the figures and a graph below them.
    var operationRows: Int
    /// True where blank rows set the graph apart.
    var isAiry = false

    /// From the largest to the one that has a line for its count and one for each member, and nothing else.
    static let all = [
        PanelForm(operationRows: 14, isAiry: true), PanelForm(operationRows: 10, isAiry: true),
        PanelForm(operationRows: 7, isAiry: true), PanelForm(operationRows: 6, isAiry: true),
        PanelForm(operationRows: 5, isAiry: true), PanelForm(operationRows: 4, isAiry: true),
        PanelForm(operationRows: 4), PanelForm(operationRows: 3), PanelForm(operationRows: 1), compact,
    ]
    static let compact = PanelForm(operationRows: 0)

    /// Above events a graph is not to be higher than it says anything; beside them there is room.
    var isTall: Bool { operationRows > 7 }

    var isCompact: Bool { operationRows == 0 }

    /// Rows that a shard takes beside its frame, its count and its members: a bar, its operations, and blank ones.
    var extraRows: Int { isCompact ? 0 : 1 + operationRows + (isAiry ? 2 : 0) }
}
