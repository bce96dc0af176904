/// The address at which a server listens for clients. Its text is `host:port`, an IPv6 host in brackets.
public struct ServerAddress: Sendable, Hashable {
    /// A name or an address, without brackets.
    public let host: String
    public let port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[host]:port`. The port of the cluster bus, which some answers add as `@port`, is skipped.
    ///
    /// - Returns: nil if it is no address.
    public init?(_ text: some StringProtocol) {
        let text = text.prefix { $0 != "@" }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.utf8.count <= Self.hostBytesMax, host.allSatisfy(Self.mayBeInHost) else { return nil }
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard let port = Int(digits), (1...65535).contains(port) else { return nil }
        self.init(host: String(host), port: port)
    }

    private static let hostBytesMax = 255

    private static func mayBeInHost(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || ".:-_%".contains(character))
    }
}

extension ServerAddress: CustomStringConvertible, Comparable, Codable {
    /// Of all members of a large cluster it is asked for again and again.
    public var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }

    public static func < (one: ServerAddress, other: ServerAddress) -> Bool {
        (one.host, one.port) < (other.host, other.port)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = ServerAddress(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no address of the form host:port")
        }
        self = address
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
