/// What the shell answers by itself, because the replica does not know it.
enum OwnRoute: Equatable {
    case state
    case events(after: UInt64)
    case stream
    case metrics
    case peer
    case badQuery

    /// Nil for everything that is not the shell's.
    init?(uri: String) {
        // Paths of keys, which are most, go by after a look at one byte.
        guard let letter = uri.utf8.dropFirst().first, letter == UInt8(ascii: "s") || letter == UInt8(ascii: "m") else {
            return nil
        }
        guard uri.hasPrefix("/shardnode/v1/") || uri.hasPrefix("/metrics") else { return nil }
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "/shardnode/v1/state": self = .state
        case "/shardnode/v1/reshard/stream": self = .stream
        case "/shardnode/v1/peer": self = .peer
        case "/metrics": self = .metrics
        case "/shardnode/v1/events": self = Self.events(query: query)
        default: return nil
        }
    }

    private static func events(query: Substring) -> OwnRoute {
        if query.isEmpty { return .events(after: 0) }
        guard query.hasPrefix("after="), let after = UInt64(query.dropFirst("after=".count)) else { return .badQuery }
        return .events(after: after)
    }
}
