import NIOPosix
import ShardCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The hosts on which a node listens if its operator names none.
enum ListenHosts {
    /// Returns the hosts to listen on: the first is required, the others are optional.
    ///
    /// A name is looked up. If it stands for loopback addresses only, as a machine's own name may, nobody elsewhere
    /// could reach the node by it, so the node listens on nothing else.
    static func resolved(_ configuration: NodeConfiguration) async -> [String] {
        if let host = configuration.listenHost { return [host] }
        let host = configuration.address.host
        guard IPAddress(host) == nil else { return hosts(for: configuration.address, addresses: []) }
        let addresses = try? await NIOThreadPool.singleton.runIfActive { lookUp(host) }
        return hosts(for: configuration.address, addresses: addresses ?? [])
    }

    /// - Parameter addresses: the addresses that the host's name stands for; empty if they are not known.
    static func hosts(for address: NodeAddress, addresses: [String]) -> [String] {
        let host = address.host
        if host.lowercased() == "localhost" { return ["127.0.0.1", "::1"] }
        if address.isLoopback { return [host] }
        if !addresses.isEmpty, addresses.allSatisfy({ IPAddress($0)?.isLoopback == true }) { return addresses }
        // All interfaces. The second, of the other IP version, counts only if the machine has that version.
        return host.contains(":") ? ["::", "0.0.0.0"] : ["0.0.0.0", "::"]
    }

    /// The addresses of a name, IPv4 first; empty if it has none or cannot be looked up. Waits for the resolver.
    private static func lookUp(_ host: String) -> [String] {
        var hints = addrinfo()
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var addresses: [String] = []
        var next = first
        while let entry = next {
            next = entry.pointee.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard length == 0 else { continue }
            let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses.filter { !$0.contains(":") } + addresses.filter { $0.contains(":") }
    }
}
