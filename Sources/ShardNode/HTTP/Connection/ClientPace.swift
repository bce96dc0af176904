import NIOCore

/// Tells whether a client takes what it asked for. A slow client is waited for; a client that takes nothing is not.
struct ClientPace {
    /// The time since which the client takes nothing, and the bytes that waited for it at the last look.
    private var stall: (since: NIODeadline, bytes: Int)?
    /// True while the next read waits until the client may ask for more.
    var holdsRead = false

    /// True while the socket takes nothing more.
    var isStalled: Bool { stall != nil }

    mutating func change(isWritable: Bool, now: NIODeadline) { stall = isWritable ? nil : (now, .max) }

    /// True if the client has taken nothing for `limit`.
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
