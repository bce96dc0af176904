import NIOCore

/// The bounds on what a link to a peer keeps and how long it waits.
struct PeerLimits {
    /// The most bytes of messages that wait for the peer, written to the socket or not; messages beyond that are lost,
    /// which the protocol bears.
    var queueBytesMax = 64 * 1024 * 1024
    /// Messages go to the socket in pieces of about this size.
    var chunkBytes = 256 * 1024
    var connectTime = TimeAmount.seconds(1)
    var backoffMin = TimeAmount.milliseconds(50)
    var backoffMax = TimeAmount.seconds(1)
    /// The time after which data that a peer has not acknowledged breaks the link.
    static let unacknowledgedMilliseconds = 3_000
    /// The time after which a peer that opened a link and says nothing is cut off. Living peers send heartbeats.
    static let silence = TimeAmount.seconds(60)
    /// The time for the proof that a peer knows the cluster's secret.
    static let proofTime = TimeAmount.seconds(5)
}
