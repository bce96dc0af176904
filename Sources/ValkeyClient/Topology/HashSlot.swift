/// A slot of the cluster's hash: one of 16,384 parts into which keys are divided.
public struct HashSlot: Hashable, Comparable, Sendable, CustomStringConvertible {
    public static let count = 16_384

    /// 0 ..< 16,384.
    public let number: Int

    /// Nil outside 0 ..< 16,384.
    public init?(_ number: Int) {
        guard (0..<Self.count).contains(number) else { return nil }
        self.number = number
    }

    init(unchecked number: Int) { self.number = number }

    /// The slot of a key. Where the key has a part in braces that is not empty, the part in the first such pair alone
    /// decides, so that keys can be kept together.
    public init(key: some Collection<UInt8>) {
        number = Int(Self.checksum(Self.hashed(key))) % Self.count
    }

    public init(key: String) { self.init(key: key.utf8) }

    public var description: String { String(number) }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    private static func hashed<Key: Collection<UInt8>>(_ key: Key) -> Key.SubSequence {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
        let tag = key[key.index(after: open)...]
        guard let close = tag.firstIndex(of: UInt8(ascii: "}")), close > tag.startIndex else { return key[...] }
        return tag[..<close]
    }

    /// CRC-16/XMODEM: polynomial 0x1021, begins at 0, not reflected.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        bytes.reduce(0) { sum, byte in (sum << 8) ^ table[Int(UInt8(sum >> 8) ^ byte)] }
    }

    private static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : (sum << 1) ^ 0x1021 }
    }
}
