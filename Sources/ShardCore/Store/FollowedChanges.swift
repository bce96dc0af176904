import BitCollections

/// The slots written since somebody began to follow, in order. A slot stands again only if it was written after it was
/// read, so the list is bounded however long somebody follows.
struct FollowedChanges: Sendable {
    private(set) var slots: [Int] = []
    /// Those that nobody has read since.
    private var unread = BitSet()

    var count: Int { slots.count }

    mutating func note(_ slot: Int) { if unread.insert(slot).inserted { slots.append(slot) } }

    mutating func noteRead(_ slot: Int) { unread.remove(slot) }
}
