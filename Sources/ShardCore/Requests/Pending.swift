/// A request that was not answered at once.
struct Pending: Sendable {
    /// The client or node that wants the answer.
    enum Source: Sendable {
        case client(RequestID)
        case peer(NodeAddress, id: UInt64)
    }

    enum Wait: Sendable {
        /// For dependencies, for a layout, for this node to serve.
        case knowledge
        /// For the end of a freeze.
        case freeze
        /// For another node's answer.
        case forwarded(to: NodeAddress, sentMicroseconds: UInt64)
        /// For the time to try again.
        case retry(atMicroseconds: UInt64)
    }

    let source: Source
    let request: Request
    var timestamp: UInt64
    var isRetry: Bool
    let deadlineMicroseconds: UInt64
    /// The number of this node's heartbeats when it came.
    let heartbeat: UInt64
    var wait: Wait = .knowledge
    /// Members tried since the last pause.
    var tried: [NodeAddress] = []
    /// Members asked so far, as often as they were.
    var asked: [NodeAddress] = []
    var rounds = 0
    /// Members asked that have not said that they did nothing.
    var tries = 0
    /// The obstacle that kept it from being answered, for the reply at the deadline.
    var obstacle: Refusal = .dependenciesNotMet
}
