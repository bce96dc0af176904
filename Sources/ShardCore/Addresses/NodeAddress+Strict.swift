/// The form that an address must have to name a node of ours.
///
/// Reading is wider, because nodes of other implementations name themselves as they like. But an address that an
/// operator gives becomes a node's identity, so it has to be one that can be dialled, and the only one of its node.
extension NodeAddress {
    /// The longest name of a host, in bytes (RFC 1123, section 2.1, and RFC 1035, section 2.3.4).
    public static let hostBytesMax = 253
    private static let labelBytesMax = 63

    /// The reason why the address cannot name a node, for a person; nil for a sound one.
    public var problem: String? {
        let host = host
        if description.hasPrefix("[") {
            guard let address = IPAddress(host), host.contains(":") else { return "[\(host)] is no IPv6 address" }
            if address.isUnspecified { return "[\(host)] stands for every interface and names no node" }
        } else if Self.isNumeric(host) {
            guard let address = IPAddress(host) else {
                return "\(host) is no IPv4 address: that is four numbers of 0 to 255, without leading zeros"
            }
            if address.isUnspecified { return "\(host) stands for every interface and names no node" }
        } else if let problem = Self.problem(ofName: host) {
            return problem
        }
        return description.hasSuffix(":\(port)") ? nil : "the port is written with leading zeros"
    }

    /// The thing that the address names, alike for all ways to write it: spellings of one IP address, a name in letters of either
    /// case or with a dot at its end, `localhost` and the two addresses that it stands for. Where two addresses have one
    /// of these in common they are one node.
    public var spellings: [String] {
        let name = Self.canonical(host)
        let hosts = name == "localhost" ? ["127.0.0.1", "::1"] : [name]
        return hosts.map { "\(IPAddress($0)?.description ?? $0):\(port)" }
    }

    /// True if both are ways to write the address of one node.
    public func isSameNode(as other: NodeAddress) -> Bool {
        port == other.port && spellings.contains(where: other.spellings.contains)
    }

    /// The fault of a host's name, for a person; nil for a sound one. Underscores are let in, which names within a
    /// machine often hold.
    public static func problem(ofName name: String) -> String? {
        guard (1...hostBytesMax).contains(name.utf8.count) else {
            return "a host's name has 1 to \(hostBytesMax) characters"
        }
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            guard !label.isEmpty else { return "'\(name)' has a dot too many" }
            guard label.utf8.count <= labelBytesMax else {
                return "'\(label)' is longer than the \(labelBytesMax) characters that a part of a name may have"
            }
            guard label.utf8.allSatisfy(isNameByte), label.first != "-", label.last != "-" else {
                return "'\(name)' is no host's name"
            }
        }
        return nil
    }

    /// Programs take what ends in a number for an IPv4 address, however it is written (WHATWG URL, "ends in a number").
    private static func isNumeric(_ host: String) -> Bool {
        guard let last = canonical(host).split(separator: ".").last else { return false }
        let isDecimal = last.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isDecimal || last.hasPrefix("0x") && last.dropFirst(2).utf8.allSatisfy { isHexDigit($0) }
    }

    private static func canonical(_ host: String) -> String {
        let name = host.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}
