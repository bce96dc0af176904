import NIOCore

/// Whether a client takes what it asked for. One that is slow is waited for; one that takes nothing is not.
struct ClientPace {
    /// Since when it takes nothing, and how much there was for it then.
    private var stall: (since: NIODeadline, bytes: Int)?
    /// The next read waits until the client may ask for more.
    var holdsRead = false

    /// True while the socket takes nothing more.
    var isStalled: Bool { stall != nil }

    mutating func change(isWritable: Bool, now: NIODeadline) { stall = isWritable ? nil : (now, .max) }

    /// True where the client has taken nothing for `limit`.
    mutating func isGivenUp(unsentBytes: Int, now: NIODeadline, after limit: TimeAmount) -> Bool {
        guard let last = stall else { return false }
        let hasTaken = unsentBytes < last.bytes
        stall = (hasTaken ? now : last.since, unsentBytes)
        return !hasTaken && now > last.since + limit
    }

    mutating func takeRead() -> Bool {
        defer { holdsRead = false }
        return holdsRead
    }
}
