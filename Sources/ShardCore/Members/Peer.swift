/// What a replica knows of another node.
struct Peer: Sendable {
    let address: NodeAddress
    /// Nil until it was heard.
    var incarnation: UInt64?
    /// This node's last heartbeat before it heard of that incarnation.
    var startHeartbeat: UInt64 = 0
    var epoch: UInt64 = 0
    var state: ServingState?
    /// When it was heard last, or first heard of.
    var heardMicroseconds: UInt64
    var isUp = true
    /// Its connection broke, and nothing was heard of it since: others are asked first.
    var isSuspect = false
    /// What it covers of the epoch in force; empty where it is in another one.
    var vector = VersionVector()
    /// Its wall clock less our monotonic one, when its last heartbeat came; nil where none came.
    var wallOffsetMicroseconds: Int64?

    /// The count of its last heartbeat.
    var heartbeatHeard: UInt64 = 0
    /// What it handed on of its own writes; nil while it still hands on, or has not said.
    var handedOn: VersionVector?
    /// The last of this node's heartbeats after which it said that it takes part in no open change of the layout.
    var isOutsideChangesAfter: UInt64 = 0
    /// The last of them after which it said besides that it hands nothing on.
    var bringsNothingAfter: UInt64 = 0

    /// The latest timestamp of a write that it forwarded. Its timestamps grow.
    var forwardedTimestamp: UInt64 = 0

    // Replication of this node's own writes to it.
    /// The last own write sent to it.
    var sentCounter: UInt64 = 0
    /// When the batch was sent that it has not answered yet.
    var sentMicroseconds: UInt64?
    /// When sending began anew from what it covers.
    var resendMicroseconds: UInt64 = 0

    // Anti-entropy.
    /// When a batch of its writes last came here, and this node covered more for it.
    var takenMicroseconds: UInt64 = 0
    /// Since when it covers writes that this node lacks; nil where it does not.
    var aheadSinceMicroseconds: UInt64?

    /// Forgets what it said of the epoch in force and of this start.
    mutating func forgetWords() {
        vector = VersionVector()
        handedOn = nil
        bringsNothingAfter = 0
        isOutsideChangesAfter = 0
    }

    /// Another layout is in force.
    mutating func beginEpoch() {
        forgetWords()
        sentCounter = 0
        sentMicroseconds = nil
        aheadSinceMicroseconds = nil
    }

    init(address: NodeAddress, now: Instant) {
        self.address = address
        heardMicroseconds = now.monotonicMicroseconds
    }
}
