import DequeModule

/// What a replica with a disk has changed and not told it yet.
struct Journal: Sendable {
    var clearsFirst = false
    var records: [Record] = []
    /// Keys to forget with the next change.
    var removals: [String] = []
    /// Keys that the disk still holds and that are not needed there; forgotten a slice at a time.
    var obsolete: Deque<String> = []
    /// Keys that the disk still holds and that a whole fetch showed to be deleted. Until they are gone from it the disk is
    /// not whole: it would bring them back.
    var deleted: Deque<String> = []
    /// The keys of entries to hand on, which the disk keeps though the store does not, and how often each.
    var handedOn: [String: Int] = [:]
    /// True where what is confirmed to others rests on the next change, and nobody would send it again.
    var isVital = false
    /// What the disk was told last.
    var told: DurableState?
}
