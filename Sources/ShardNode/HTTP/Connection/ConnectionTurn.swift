/// What is read of a socket in one go, so that the answers to it leave in one go.
struct ConnectionTurn {
    private var isOpen = false
    /// Something was written that the socket was not given yet.
    var hasUnflushed = false

    mutating func begin() { isOpen = true }

    mutating func end() { isOpen = false }

    /// True, once, where what was written is to leave now.
    mutating func takeFlush() -> Bool {
        guard hasUnflushed, !isOpen else { return false }
        hasUnflushed = false
        return true
    }
}
