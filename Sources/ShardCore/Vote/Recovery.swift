/// Finishing the round of a coordinator that fell silent after its proposal was accepted somewhere.
struct Recovery: Sendable {
    let operation: OperationID
    let startedMicroseconds: UInt64
    var proposer: Proposer
    /// Once a majority has promised: what they are asked to accept.
    var proposal: EpochRecord?
}
