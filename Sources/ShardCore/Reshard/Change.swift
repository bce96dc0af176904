/// A change of the layout that clients of this node asked for.
struct Change: Sendable {
    let goal: ChangeGoal
    let client: RequestID
    /// An operator's word that members who cannot be reached are gone for good.
    var mayForce = false
    /// True if a presenter says when to go on.
    var isStepped = false
    /// True once it turned out that a majority cannot be had.
    var isForced = false
    var attempts = 0
}
