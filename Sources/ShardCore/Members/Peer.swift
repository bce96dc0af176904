/// All that a replica knows of another node.
struct Peer: Sendable {
    let address: NodeAddress
    /// Nil until it was heard.
    private(set) var incarnation: UInt64?
    /// This node's last heartbeat before it heard of that incarnation.
    private(set) var startHeartbeat: UInt64 = 0
    private(set) var epoch: UInt64 = 0
    var state: ServingState?
    /// Its wall clock less our monotonic one, when its last heartbeat came; nil if none came.
    var wallOffsetMicroseconds: Int64?
    /// The count of its last heartbeat.
    var heartbeatHeard: UInt64 = 0
    /// The latest timestamp of a write that it forwarded. Its timestamps grow.
    var forwardedTimestamp: UInt64 = 0

    var presence: PeerPresence
    var said = PeerStatement()
    var replication = PeerReplication()
    var lead = PeerLead()

    init(address: NodeAddress, now: Instant) {
        self.address = address
        presence = PeerPresence(now)
    }

    /// It was started anew, or is heard for the first time.
    ///
    /// - Parameter heartbeat: the last one that this node has sent.
    mutating func beginStart(_ incarnation: UInt64, after heartbeat: UInt64) {
        assert(self.incarnation ?? 0 <= incarnation, "an earlier start of \(address) is taken for the latest")
        (self.incarnation, startHeartbeat) = (incarnation, heartbeat)
        presence.beginStart()
        said = PeerStatement()
        replication.reset()
        (state, heartbeatHeard, forwardedTimestamp) = (nil, 0, 0)
    }

    /// It is in another epoch than it was: all that it said was about that one.
    mutating func enter(epoch: UInt64) {
        self.epoch = epoch
        said = PeerStatement()
    }

    /// Another layout is in force here.
    mutating func beginEpoch() {
        said = PeerStatement()
        replication.reset()
        lead.end()
    }

    mutating func goDown() {
        presence.goDown()
        state = nil
        replication.noteAnswer()
    }
}

/// The signs that a node is there.
struct PeerPresence: Sendable {
    /// The time when it was heard last, or first heard of.
    private(set) var heardMicroseconds: UInt64
    private(set) var isUp = true
    /// Its connection broke, and nothing was heard of it since: others are asked first.
    private(set) var isSuspect = false
    /// Since when heartbeats of an earlier start come beside those of the latest, and whether that was told of.
    private var twin: (sinceMicroseconds: UInt64, isTold: Bool)?

    init(_ now: Instant) { heardMicroseconds = now.monotonicMicroseconds }

    mutating func hear(_ now: Instant) {
        heardMicroseconds = now.monotonicMicroseconds
        isSuspect = false
    }

    mutating func comeUp() { isUp = true }
    mutating func goDown() { isUp = false }
    mutating func suspect() { isSuspect = true }

    mutating func beginStart() { twin = nil }

    /// A heartbeat of an earlier start came.
    ///
    /// - Returns: true once, when it has come beside the latest for so long that two processes run under the address.
    mutating func hearEarlierStart(silenceMillisecondsMax: UInt64, _ now: Instant) -> Bool {
        guard now.monotonicMicroseconds < heardMicroseconds + silenceMillisecondsMax * 1_000 else {
            twin = nil
            return false
        }
        let known = twin ?? (now.monotonicMicroseconds, false)
        // A second before the earlier one gives way: then it is heard no more.
        let isLong = now.monotonicMicroseconds >= known.sinceMicroseconds + OwnStart.rivalMicroseconds - 1_000_000
        twin = (known.sinceMicroseconds, known.isTold || isLong)
        return isLong && !known.isTold
    }

    /// It counts as up, and gets the time of one silence to answer.
    mutating func expect(_ now: Instant) { (heardMicroseconds, isUp) = (now.monotonicMicroseconds, true) }
}

/// The latest words of a node about the epoch in force, in its latest start.
struct PeerStatement: Sendable {
    /// The writes that it covers; empty if it is in another epoch.
    private(set) var vector = VersionVector()
    /// The own writes that it handed on; nil while it still hands on, or has not said.
    private(set) var handedOn: VersionVector?
    /// The last of this node's heartbeats after which it said that it takes part in no open change of the layout.
    private(set) var isOutsideChangesAfter: UInt64 = 0
    /// The last of them after which it said besides that it hands nothing on.
    private(set) var bringsNothingAfter: UInt64 = 0

    mutating func note(vector covered: VersionVector) { vector.merge(covered) }

    mutating func note(handedOn: VersionVector?) { self.handedOn = handedOn }

    /// It takes part in no open change, and had heard this node's heartbeat `heartbeat` when it said so.
    mutating func noteOutsideChanges(after heartbeat: UInt64, handsOn: Bool) {
        isOutsideChangesAfter = max(isOutsideChangesAfter, heartbeat)
        if !handsOn { bringsNothingAfter = max(bringsNothingAfter, heartbeat) }
        assert(bringsNothingAfter <= isOutsideChangesAfter, "a node brings nothing, and takes part in a change")
    }
}

/// The sending of this node's own writes to a fellow member: one batch at a time is on its way.
struct PeerReplication: Sendable {
    /// The last own write sent.
    private(set) var sent: UInt64 = 0
    /// The time when the batch was sent that is not answered yet; nil if none is on its way.
    private var sentMicroseconds: UInt64?
    /// The time when sending began anew from what the member covers.
    private var resentMicroseconds: UInt64 = 0

    var isUnanswered: Bool { sentMicroseconds != nil }

    mutating func send(upTo write: UInt64, _ now: Instant) {
        assert(!isUnanswered, "a second batch is sent before the first is answered")
        (sent, sentMicroseconds) = (write, now.monotonicMicroseconds)
    }

    /// The next batch may go.
    mutating func noteAnswer() { sentMicroseconds = nil }

    /// The rest is sent again, after what the member covers.
    mutating func resume(after covered: UInt64) { sent = covered }

    /// True for a batch that was not answered in time.
    func isLate(after milliseconds: UInt64, _ now: Instant) -> Bool {
        sentMicroseconds.map { now.hasPassed(milliseconds, since: $0) } ?? false
    }

    /// All was answered, and not all of it is covered: perhaps a batch was lost. Begins anew, once in `milliseconds`.
    mutating func resumeIfStuck(after covered: UInt64, of count: UInt64, every milliseconds: UInt64, _ now: Instant) {
        guard !isUnanswered, sent == count, covered < count, now.hasPassed(milliseconds, since: resentMicroseconds)
        else { return }
        resentMicroseconds = now.monotonicMicroseconds
        sent = covered
    }

    /// Of another epoch, or another start, nothing was sent.
    mutating func reset() { (sent, sentMicroseconds) = (0, nil) }
}

/// A fellow member's lead: it covers more than this node, and that may be on its way here.
struct PeerLead: Sendable {
    /// The time when a batch of its writes last came here, and this node covered more for it.
    private(set) var takenMicroseconds: UInt64 = 0
    /// The time since which it covers writes that this node lacks; nil if it does not.
    private(set) var sinceMicroseconds: UInt64?

    mutating func noteBatch(_ now: Instant) { takenMicroseconds = now.monotonicMicroseconds }
    mutating func begin(_ now: Instant) { sinceMicroseconds = sinceMicroseconds ?? now.monotonicMicroseconds }
    mutating func end() { sinceMicroseconds = nil }
}
