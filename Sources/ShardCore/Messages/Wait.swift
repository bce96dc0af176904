/// The event that a node waits for before it serves, and the nodes that it waits for. Operators are shown it, and the
/// model shows that no circle of waits is possible.
///
/// A starting member waits two seconds at most for members that say nothing. It does not wait for one that serves, as
/// it fetches then. It waits for one that stops or joins until that one is out of the view. A fetching member waits for
/// a member that serves, or for all members to be up and fetch as well, and every other node to be outside changes:
/// then the first of them serves what there is. So a wait ends in a node that is down, in a change of the layout, which
/// ends by its own bounds, or in an operator's hands; never in a node that waits.
public enum Wait: Hashable, Sendable {
    /// A node of its VIEW belongs to another cluster, or was given other settings.
    case conflict(NodeAddress, FoundingSettings.Difference?)
    /// Members of its shard that were not heard yet, or that answer and neither start nor serve.
    case answers([NodeAddress])
    /// A member that serves sends what this node lacks.
    case fetch(NodeAddress, records: Int)
    /// No member is whole, and these, which are down, may have the shard's data.
    case data([NodeAddress])
    /// All members are there, none is whole, and it is not certain yet that no open change brings the data.
    case quiet([NodeAddress])
    /// It has met no cluster.
    case cluster([NodeAddress])
    /// It has no place in its cluster, and no member of that cluster is there.
    case members([NodeAddress])
    /// Another process runs under its address.
    case twin
}
