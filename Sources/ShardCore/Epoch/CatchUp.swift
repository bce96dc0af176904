import BitCollections

/// A fetch of everything this node lacks from one fellow member, page by page.
struct CatchUp: Sendable {
    let id: UInt64
    let source: NodeAddress
    let sourceIncarnation: UInt64?
    /// Nil where everything is fetched.
    let have: VersionVector?
    var cursor: UInt64 = 0
    var askedMicroseconds: UInt64
    var tries = 1
    /// What the source covered when it made the first page: what this node covers after the last.
    var reach: VersionVector?
    var records = 0
    /// Where everything is fetched, the slots held before and not met in it yet: of these entries, what the source covers
    /// was deleted there, and the deletion forgotten.
    var unseen = BitSet()
    /// Where no member is whole, those that are still to be asked for what they have; see ``Replica/beginRescue()``.
    var next: [NodeAddress] = []
    /// What those that were asked before covered.
    var gathered = VersionVector()
    var isRescue = false
}
