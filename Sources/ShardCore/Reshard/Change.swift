import Wording

/// A change of the layout that clients of this node asked for.
struct Change: Sendable {
    let goal: Goal
    let client: RequestID
    /// An operator's word that members who cannot be reached are gone for good.
    var mayForce = false
    /// True where a presenter says when to go on.
    var isStepped = false
    /// True once it turned out that a majority cannot be had.
    var isForced = false
    var attempts = 0
}

extension Goal: CustomStringConvertible {
    var description: String {
        switch self {
        case .reshard(let count): "reshard to \(Plural.words(count, "shard"))"
        case .addMember(let node, let shard): "adding \(node) to shard \(shard)"
        case .removeMember(let node): "removing \(node)"
        }
    }
}
