import ShardCore

/// Where a node listens when nobody says.
enum ListenHosts {
    /// The loopback address itself where the node is known by one, else all interfaces. The first must be had; the
    /// second, of the other IP version, only where the machine has it.
    static func hosts(for address: NodeAddress) -> [String] {
        let host = address.host
        if host == "localhost" { return ["127.0.0.1", "::1"] }
        if address.isLoopback { return [host] }
        return host.contains(":") ? ["::", "0.0.0.0"] : ["0.0.0.0", "::"]
    }
}
