import NIOCore

/// The bounds on what a link to a peer keeps and how long it waits.
struct PeerLimits {
    /// Messages that wait for the peer, written to the socket or not; what comes on top is lost, which the protocol
    /// bears.
    var queueBytesMax = 64 * 1024 * 1024
    /// Messages go to the socket in pieces of about this size.
    var chunkBytes = 256 * 1024
    var connectTime = TimeAmount.seconds(1)
    var backoffMin = TimeAmount.milliseconds(50)
    var backoffMax = TimeAmount.seconds(1)
    /// Data that a peer does not acknowledge for so long breaks the link.
    static let unacknowledgedMilliseconds = 3_000
    /// A peer that opened a link and says nothing. Living ones send heartbeats.
    static let silence = TimeAmount.seconds(60)
    /// For the proof that a peer knows the cluster's secret.
    static let proofTime = TimeAmount.seconds(5)
}
