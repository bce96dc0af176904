import ShardCore

/// The names by which clients may ask a node.
///
/// A page in a browser may give its own name any address it likes, and so reach a node on somebody's machine as if it
/// were its own site (DNS rebinding). The browser then says the page's name in `Host`. So a node answers only to
/// addresses, which no page can take for its own, to names without a dot, which nobody can register on the internet, to
/// the names of its cluster, and to those that its operator gives.
struct HostNames {
    /// The names, in lower case.
    private let names: Set<String>

    /// - Parameter others: the names besides those of the nodes.
    init(nodes: [NodeAddress], others: [String]) {
        names = Set(nodes.map { $0.host.lowercased() } + others.map { $0.lowercased() })
    }

    /// - Parameter peers: the peers that the node knows now; called only if nothing else knows the name.
    func check(_ authority: String, peers: () -> [NodeAddress]) throws(HeadRefusal) {
        guard let host = Self.host(of: authority) else {
            throw HeadRefusal(400, "The Host is not of the form host or host:port")
        }
        if host.hasPrefix("[") {
            guard IPAddress(host.dropFirst().dropLast()) != nil else {
                throw HeadRefusal(400, "The Host is no IPv6 address")
            }
            return
        }
        let name = host.lowercased()
        if !name.contains(".") || IPAddress(name) != nil || names.contains(name) { return }
        guard peers().contains(where: { $0.host.lowercased() == name }) else {
            throw HeadRefusal(
                421,
                "This node does not go by the name of \(name.prefix(100)); ask it by its address, or start it with "
                    + "--host-name \(name.prefix(100))")
        }
    }

    /// The host without its port, an IPv6 address still in its brackets; nil if it is neither address nor name.
    static func host(of authority: String) -> Substring? {
        let text = authority[...]
        let host: Substring
        let port: Substring
        if text.utf8.first == 0x5B {
            guard let end = text.utf8.lastIndex(of: 0x5D) else { return nil }
            host = text[...end]
            port = text[text.utf8.index(after: end)...]
        } else {
            let colon = text.utf8.firstIndex(of: 0x3A) ?? text.endIndex
            host = text[..<colon]
            port = text[colon...]
            guard host.utf8.allSatisfy(isNameByte) else { return nil }
        }
        guard (1...NodeAddress.hostBytesMax).contains(host.utf8.count) else { return nil }
        guard let number = port.dropFirst().isEmpty ? 0 : Int(port.dropFirst()) else { return nil }
        let isPort = port.isEmpty || port.utf8.first == 0x3A && port.utf8.dropFirst().allSatisfy(isDigit)
        return isPort && number <= 65_535 ? host : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [0x2D, 0x2E, 0x5F].contains(byte)
    }
}

extension RequestHead {
    /// Refuses a request that a page of another site makes a browser send, if it would change something. Reads are
    /// answered, and no page gets to see the answer.
    func checkOrigin() throws(HeadRefusal) {
        guard isChange, origin != nil || fetchSite != nil else { return }
        if let fetchSite, fetchSite != "same-origin", fetchSite != "none" { throw Self.foreign }
        guard let origin else { return }
        let scheme = isSecure ? "https" : "http"
        guard let authority, origin.lowercased() == "\(scheme)://\(authority.lowercased())" else {
            throw Self.foreign
        }
    }

    private static let foreign = HeadRefusal(
        403, "A page of another site asks for a change; nodes take changes only from programs and from their own pages")
}
