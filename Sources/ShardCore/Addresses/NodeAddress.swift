/// The socket address, `host:port`, by which the cluster knows a node.
///
/// It is the node's identity: the same text that its peers dial is the text that is hashed into a shard.
public struct NodeAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The longest address accepted, in UTF-8 bytes: a DNS name of 253, a colon and five digits.
    public static let bytesMax = 259

    public let description: String

    /// Parses `host:port`; IPv6 hosts stand in brackets. Nil if the host is empty, holds a character that no host
    /// name or address holds, or the port is not 1 ... 65535 in plain digits.
    public init?(_ text: String) {
        var text = text
        guard text.withUTF8(Self.isAddress) else { return nil }
        description = text
    }

    /// The same from UTF-8 bytes: contexts are full of addresses.
    public init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard Self.isAddress(bytes) else { return nil }
        description = String(decoding: bytes, as: UTF8.self)
    }

    /// The part before the last colon, without the brackets of an IPv6 address.
    public var host: String {
        let text = description.prefix(upTo: description.lastIndex(of: ":") ?? description.endIndex)
        return text.hasPrefix("[") ? String(text.dropFirst().dropLast()) : String(text)
    }

    /// The port, 1 ... 65535.
    public var port: Int {
        guard let colon = description.lastIndex(of: ":") else { return 0 }
        return Int(description[description.index(after: colon)...]) ?? 0
    }

    /// True for `localhost`, 127.0.0.0/8 and `[::1]`. What other names stand for is not looked up.
    public var isLoopback: Bool {
        let host = host
        return host.lowercased() == "localhost" || IPAddress(host)?.isLoopback == true
    }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }

    private static func isAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= bytesMax, let colon = bytes.lastIndex(of: 0x3A) else { return false }
        return isHost(UnsafeBufferPointer(rebasing: bytes[..<colon]))
            && isPort(UnsafeBufferPointer(rebasing: bytes[(colon + 1)...]))
    }

    private static func isHost(_ host: UnsafeBufferPointer<UInt8>) -> Bool {
        guard host.first == 0x5B else { return !host.isEmpty && host.allSatisfy(isNameByte) }
        guard host.last == 0x5D, host.count > 3 else { return false }
        return host.dropFirst().dropLast().allSatisfy { isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }
    }

    static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// Of names and IPv4 addresses.
    static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }

    private static func isPort(_ digits: UnsafeBufferPointer<UInt8>) -> Bool {
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return (1...65535).contains(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
}

extension NodeAddress: CodedAsText {
    public static let textForm = "not a socket address of the form host:port"
}
