/// One turn of reading a socket, so that the answers to everything read in it leave together.
struct ConnectionTurn {
    private var isOpen = false
    /// True if something was written that the socket was not given yet.
    var hasUnflushed = false

    mutating func begin() { isOpen = true }

    mutating func end() { isOpen = false }

    /// Returns true, once, if what was written is to leave now.
    mutating func takeFlush() -> Bool {
        guard hasUnflushed, !isOpen else { return false }
        hasUnflushed = false
        return true
    }
}
