/// Making sure that what was set aside of operations that came to nothing is never proposed any more.
struct ProposalClosing: Sendable {
    let operations: Set<OperationID>
    let ballot: Ballot
    let startedMicroseconds: UInt64
    /// Members that have accepted nothing, and accept nothing under a lower ballot from now on.
    var promised: Set<NodeAddress> = []
}
