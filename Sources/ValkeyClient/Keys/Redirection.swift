/// The meaning of an answer to a command on a key for the way to that key.
enum Redirection: Equatable {
    /// The slot has that owner now.
    case moved(HashSlot, ServerAddress)
    /// This once, at the slot's coming owner.
    case ask(HashSlot, ServerAddress)
    /// Soon again; the map of slots may be out of date where `isElsewhere`.
    case later(isElsewhere: Bool)

    /// - Parameter server: who answered. A redirection without a host means the same host.
    /// - Returns: nil if it is none.
    init?(_ error: RESPError, from server: ServerAddress) {
        switch error.code {
        case "MOVED":
            guard let (slot, target) = Self.target(error, server) else { return nil }
            self = .moved(slot, target)
        case "ASK":
            guard let (slot, target) = Self.target(error, server) else { return nil }
            self = .ask(slot, target)
        case "TRYAGAIN", "BUSY": self = .later(isElsewhere: false)
        case "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY": self = .later(isElsewhere: true)
        default: return nil
        }
    }

    private static func target(_ error: RESPError, _ server: ServerAddress) -> (HashSlot, ServerAddress)? {
        let words = error.detail.split(separator: " ")
        guard words.count == 2, let slot = Int(words[0]).flatMap({ HashSlot($0) }) else { return nil }
        let endpoint = words[1]
        let port =
            endpoint.hasPrefix("?:") ? endpoint.dropFirst(2) : endpoint.hasPrefix(":") ? endpoint.dropFirst() : ""
        // An IPv6 address may begin with a colon too.
        if !port.isEmpty, !port.contains(":") {
            return ServerAddress("h:\(port)").map { (slot, ServerAddress(host: server.host, port: $0.port)) }
        }
        return ServerAddress(endpoint).map { (slot, $0) }
    }
}
