/// An IP address, however it was written: two spellings of one address are equal.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 address as the IPv6 address that stands for it (RFC 4291, section 2.5.5.2).
    private let groups: [UInt16]

    /// Parses an IPv4 address of four plain decimal numbers, or an IPv6 address (RFC 4291, section 2.2) without brackets
    /// and zone. Nil for anything else: no short or octal forms, which programs read differently.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        if text.utf8.contains(0x3A) {
            guard let groups = Self.version6(text) else { return nil }
            self.groups = groups
        } else {
            guard let (high, low) = Self.version4(text) else { return nil }
            groups = [0, 0, 0, 0, 0, 0xFFFF, high, low]
        }
    }

    /// True for 127.0.0.0/8 and `::1`.
    public var isLoopback: Bool {
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF { return groups[6] >> 8 == 127 }
        return groups == [0, 0, 0, 0, 0, 0, 0, 1]
    }

    /// True for `0.0.0.0` and `::`.
    public var isUnspecified: Bool { groups.enumerated().allSatisfy { $1 == 0 || $0 == 5 && $1 == 0xFFFF } }

    /// All of it in hexadecimal, the same for every spelling.
    public var description: String { groups.map { String($0, radix: 16) }.joined(separator: ":") }

    private static func version4(_ text: some StringProtocol) -> (high: UInt16, low: UInt16)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let number = UInt8(part)
            else { return nil }
            address = address << 8 | UInt32(number)
        }
        return (UInt16(address >> 16), UInt16(address & 0xFFFF))
    }

    private static func version6(_ text: some StringProtocol) -> [UInt16]? {
        let bytes = Array(text.utf8)
        // `::` stands once for as many zeros as are missing.
        let gaps = bytes.indices.dropLast().filter { bytes[$0] == 0x3A && bytes[$0 + 1] == 0x3A }
        guard let gap = gaps.first else {
            guard let groups = groups(bytes[...]), groups.count == 8 else { return nil }
            return groups
        }
        guard gaps.count == 1, let head = groups(bytes[..<gap]), let tail = groups(bytes[(gap + 2)...]),
            head.count + tail.count < 8
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// The last two may be written as an IPv4 address.
    private static func groups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        let parts = bytes.split(separator: 0x3A, omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            let text = String(decoding: part, as: UTF8.self)
            if index == parts.count - 1, part.contains(0x2E) {
                guard let (high, low) = version4(text) else { return nil }
                groups += [high, low]
            } else {
                guard (1...4).contains(part.count), part.first != 0x2B, let group = UInt16(text, radix: 16) else {
                    return nil
                }
                groups.append(group)
            }
        }
        return groups
    }
}
