/// Questions of this node to others, for what clients want to know of the cluster: about keys, and about plans. None of
/// them changes anything, and none outlives its time.
struct Queries: Sendable {
    /// Ids of what this node asks, of whomever.
    var ids: QuestionIDs
    var locating = LocateQueries()
    var keyCounts = KeyCountQueries()
    var plans = PlanQueries()
    /// The counts that others want of this node.
    var counting = CountJobs()

    init(incarnation: UInt64) { ids = QuestionIDs(incarnation: incarnation) }
}

/// Ids of questions. Those of different starts differ: an answer to an earlier one may still come.
struct QuestionIDs: Sendable {
    private var last: UInt64

    init(incarnation: UInt64) {
        // Starts that follow one another closely get ranges that are far apart.
        last = incarnation &* 0x9E37_79B9_7F4A_7C15 >> 1
    }

    mutating func next() -> UInt64 {
        last += 1
        return last
    }
}
