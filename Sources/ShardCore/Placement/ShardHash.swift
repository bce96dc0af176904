import Crypto

/// The hash that places nodes and keys. MD5 spreads them here; it protects nothing.
public enum ShardHash {
    /// A 128-bit unsigned integer, as two halves.
    public struct Digest: Hashable, Sendable {
        public let high: UInt64
        public let low: UInt64

        public static func < (left: Self, right: Self) -> Bool {
            left.high != right.high ? left.high < right.high : left.low < right.low
        }

        /// The remainder of a division by `count`, which is 1 or more.
        public func modulo(_ count: Int) -> Int {
            let divisor = UInt64(count)
            return Int(divisor.dividingFullWidth((high % divisor, low)).remainder)
        }

        /// 32 hexadecimal digits.
        public var hexadecimal: String { Self.digits(high) + Self.digits(low) }

        private static func digits(_ half: UInt64) -> String {
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
    }

    /// `MD5(decimal(seed) + ":" + text)` as a 128-bit big-endian unsigned integer, modulo `count`.
    public static func shard(of text: String, seed: UInt64, count: Int) -> Int {
        count == 1 ? 0 : digest(of: text, seed: seed).modulo(count)
    }

    /// `MD5(decimal(seed) + ":" + text)`, the first byte the most significant.
    public static func digest(of text: String, seed: UInt64) -> Digest {
        var text = text
        return text.withUTF8 { bytes in
            withUnsafeTemporaryAllocation(byteCount: 21 + bytes.count, alignment: 1) { buffer in
                let length = write(seed, and: bytes, into: buffer)
                let hash = Insecure.MD5.hash(data: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
                return hash.withUnsafeBytes { raw in
                    Digest(
                        high: UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self)),
                        low: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
                }
            }
        }
    }

    /// Writes `seed:text`, and returns its length. The buffer holds the 20 digits of any seed, the colon and the text.
    private static func write(
        _ seed: UInt64, and text: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var digitCount = 1
        var rest = seed / 10
        while rest > 0 {
            digitCount += 1
            rest /= 10
        }
        rest = seed
        for position in stride(from: digitCount - 1, through: 0, by: -1) {
            buffer[position] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        buffer[digitCount] = 0x3A
        UnsafeMutableRawBufferPointer(rebasing: buffer[(digitCount + 1)...]).copyBytes(from: text)
        return digitCount + 1 + text.count
    }
}
