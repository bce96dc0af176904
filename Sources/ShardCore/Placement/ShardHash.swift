/// The hash that places nodes and keys. MD5 spreads them here; it protects nothing.
public enum ShardHash {
    /// A 128-bit unsigned integer, as two halves.
    public struct Digest: Hashable, Sendable {
        public let high: UInt64
        public let low: UInt64

        init(high: UInt64, low: UInt64) {
            self.high = high
            self.low = low
        }

        /// From the words of an MD5.
        @inline(__always)
        init(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) {
            high = UInt64(a.byteSwapped) << 32 | UInt64(b.byteSwapped)
            low = UInt64(c.byteSwapped) << 32 | UInt64(d.byteSwapped)
        }

        public static func < (left: Self, right: Self) -> Bool {
            left.high != right.high ? left.high < right.high : left.low < right.low
        }

        /// The remainder of a division by `count`, which is 1 or more.
        public func modulo(_ count: Int) -> Int {
            let divisor = UInt64(count)
            return Int(divisor.dividingFullWidth((high % divisor, low)).remainder)
        }

        /// 32 hexadecimal digits.
        public var hexadecimal: String { high.hexadecimal + low.hexadecimal }
    }

    /// `MD5(decimal(seed) + ":" + text)` as a 128-bit big-endian unsigned integer, modulo `count`.
    public static func shard(of text: String, seed: UInt64, count: Int) -> Int {
        count == 1 ? 0 : digest(of: text, seed: seed).modulo(count)
    }

    /// `MD5(decimal(seed) + ":" + text)`, the first byte the most significant.
    public static func digest(of text: String, seed: UInt64) -> Digest {
        var text = text
        return text.withUTF8 { bytes in
            // The 20 digits of any seed, and a colon.
            let capacity = MD5<UInt32>.blocks(forBytes: 21 + bytes.count) * MD5<UInt32>.blockBytes
            return withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 16) { buffer in
                let length = write(seed, and: bytes, into: buffer)
                return digest(ofFirst: length, of: buffer)
            }
        }
    }

    /// The digest of the first `length` bytes of a buffer with room for the padding behind them.
    private static func digest(ofFirst length: Int, of buffer: UnsafeMutableRawBufferPointer) -> Digest {
        let blocks = MD5<UInt32>.blocks(forBytes: length)
        let end = blocks * MD5<UInt32>.blockBytes
        for position in length..<end { buffer[position] = 0 }
        buffer[length] = 0x80
        buffer.storeBytes(of: (UInt64(length) * 8).littleEndian, toByteOffset: end - 8, as: UInt64.self)
        let words = buffer.bindMemory(to: UInt32.self)
        #if _endian(big)
            for position in 0..<end / 4 { words[position] = words[position].byteSwapped }
        #endif
        var hash = MD5<UInt32>()
        guard let first = words.baseAddress else { return Digest(high: 0, low: 0) }
        for block in 0..<blocks { hash.digest(first + block * MD5<UInt32>.blockWords) }
        return Digest(hash.a, hash.b, hash.c, hash.d)
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
