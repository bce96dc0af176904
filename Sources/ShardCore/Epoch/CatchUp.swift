import BitCollections

/// A fetch of everything this node lacks from one fellow member, page by page.
struct CatchUp: Sendable {
    let id: UInt64
    let source: NodeAddress
    let sourceIncarnation: UInt64?
    /// Nil if everything is fetched.
    let have: VersionVector?
    var cursor: UInt64 = 0
    var askedMicroseconds: UInt64
    var tries = 1
    /// The vector of the source when it made the first page. This node covers it after the last.
    var reach: VersionVector?
    var records = 0
    /// Where everything is fetched: the slots held before whose keys have not come yet. Those of them that the source covers
    /// were deleted there, and the deletion is forgotten.
    var unseen = BitSet()
    /// Nil if the source is whole.
    var rescue: Rescue?

    /// A fetch of what is left, where no member is whole; see ``Replica/beginRescue()``.
    struct Rescue: Sendable {
        /// Members that are still to be asked for what they have.
        let next: [NodeAddress]
        /// All that those covered that were asked before.
        let gathered: VersionVector
    }
}
