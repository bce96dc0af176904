import ClusterModel

/// The table of all nodes: what it is sorted by, which columns it has, and in which order the nodes stand.
public struct NodeTable: Equatable, Sendable {
    public var isShown = false
    public var sort = NodeColumn.status
    /// True if the rows stand in reverse order.
    public var isReversed = false
    /// The columns that the user chose, in this order; nil for those that the nodes tell and that there is room for.
    public var chosen: [NodeColumn]?
    /// The indices of the shown members, in the order of the rows.
    private(set) var order: [Int] = []
    /// The columns that any of the nodes tells.
    private(set) var told: Set<NodeColumn> = []

    /// True if the most, or the worst, stands above.
    public var isDescending: Bool { sort.isDescending != isReversed }

    /// Sorts the rows anew. Nodes that do not tell the figure stand below, whichever end comes first; equals are
    /// ordered by address, so that nothing moves without need.
    mutating func arrange(_ digest: ClusterDigest, _ conditions: ConditionWords) {
        guard isShown else { return }
        let members = digest.members
        let filter = digest.filter
        let keyed = members.indices.filter { filter.lets(members[$0], conditions) }
            .map { (place: $0, key: sort.key(of: members[$0], conditions)) }
        let isDescending = isDescending
        order = keyed.sorted { left, right in
            switch (left.key, right.key) {
            case (let first?, let second?) where first != second: isDescending ? first > second : first < second
            case (_?, nil): true
            case (nil, _?): false
            default: members[left.place].id < members[right.place].id
            }
        }.map(\.place)
        told = Set(
            NodeColumn.allCases.filter { column in
                members.contains { column.key(of: $0, conditions) != nil }
            })
    }
}
