/// MD5, over one message or over several of one length in blocks side by side, one in each lane of a vector.
///
/// Placement needs the hash of this name, and by the million: libraries' ways to it cost more than the hash itself, and
/// none takes several messages at once. Source: RFC 1321.
struct MD5<Word: MD5Word> {
    /// The four words of the digest, each with its bytes in the order of a little-endian number.
    private(set) var a = Word(repeating: 0x6745_2301)
    private(set) var b = Word(repeating: 0xEFCD_AB89)
    private(set) var c = Word(repeating: 0x98BA_DCFE)
    private(set) var d = Word(repeating: 0x1032_5476)

    static var blockBytes: Int { 64 }
    static var blockWords: Int { 16 }
    /// The end of a message: a byte of 0x80 and eight of its length in bits.
    static var paddingBytesMin: Int { 9 }

    /// The blocks that a message of `count` bytes takes with its padding.
    static func blocks(forBytes count: Int) -> Int { (count + paddingBytesMin + blockBytes - 1) / blockBytes }

    /// Takes in the next block: 16 words, which `m` points to.
    @inline(__always)
    mutating func digest(_ m: UnsafePointer<Word>) {
        let (a0, b0, c0, d0) = (a, b, c, d)
        first(m)
        second(m)
        third(m)
        fourth(m)
        a = a &+ a0
        b = b &+ b0
        c = c &+ c0
        d = d &+ d0
    }

    @inline(__always)
    private mutating func first(_ m: UnsafePointer<Word>) {
        four(f, m, 0, 1, 2, 3, (7, 12, 17, 22), 0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE)
        four(f, m, 4, 5, 6, 7, (7, 12, 17, 22), 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613, 0xFD46_9501)
        four(f, m, 8, 9, 10, 11, (7, 12, 17, 22), 0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE)
        four(f, m, 12, 13, 14, 15, (7, 12, 17, 22), 0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821)
    }

    @inline(__always)
    private mutating func second(_ m: UnsafePointer<Word>) {
        four(g, m, 1, 6, 11, 0, (5, 9, 14, 20), 0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA)
        four(g, m, 5, 10, 15, 4, (5, 9, 14, 20), 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8)
        four(g, m, 9, 14, 3, 8, (5, 9, 14, 20), 0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED)
        four(g, m, 13, 2, 7, 12, (5, 9, 14, 20), 0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A)
    }

    @inline(__always)
    private mutating func third(_ m: UnsafePointer<Word>) {
        four(h, m, 5, 8, 11, 14, (4, 11, 16, 23), 0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C)
        four(h, m, 1, 4, 7, 10, (4, 11, 16, 23), 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70)
        four(h, m, 13, 0, 3, 6, (4, 11, 16, 23), 0x289B_7EC6, 0xEAA1_27FA, 0xD4EF_3085, 0x0488_1D05)
        four(h, m, 9, 12, 15, 2, (4, 11, 16, 23), 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665)
    }

    @inline(__always)
    private mutating func fourth(_ m: UnsafePointer<Word>) {
        four(i, m, 0, 7, 14, 5, (6, 10, 15, 21), 0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039)
        four(i, m, 12, 3, 10, 1, (6, 10, 15, 21), 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1)
        four(i, m, 8, 15, 6, 13, (6, 10, 15, 21), 0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1)
        four(i, m, 4, 11, 2, 9, (6, 10, 15, 21), 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391)
    }

    /// Four steps, after which each of the four words has been changed once.
    @inline(__always)
    private mutating func four(
        _ mix: (Word, Word, Word) -> Word, _ m: UnsafePointer<Word>, _ m0: Int, _ m1: Int, _ m2: Int, _ m3: Int,
        _ shifts: (UInt32, UInt32, UInt32, UInt32), _ k0: UInt32, _ k1: UInt32, _ k2: UInt32, _ k3: UInt32
    ) {
        a = b.adding(a &+ mix(b, c, d) &+ m[m0] &+ Word(repeating: k0), rotatedLeftBy: shifts.0)
        d = a.adding(d &+ mix(a, b, c) &+ m[m1] &+ Word(repeating: k1), rotatedLeftBy: shifts.1)
        c = d.adding(c &+ mix(d, a, b) &+ m[m2] &+ Word(repeating: k2), rotatedLeftBy: shifts.2)
        b = c.adding(b &+ mix(c, d, a) &+ m[m3] &+ Word(repeating: k3), rotatedLeftBy: shifts.3)
    }
}

// The round functions, in forms that take fewer operations than the RFC's.
@inline(__always) private func f<Word: MD5Word>(_ x: Word, _ y: Word, _ z: Word) -> Word { z ^ (x & (y ^ z)) }
@inline(__always) private func g<Word: MD5Word>(_ x: Word, _ y: Word, _ z: Word) -> Word { y ^ (z & (x ^ y)) }
@inline(__always) private func h<Word: MD5Word>(_ x: Word, _ y: Word, _ z: Word) -> Word { x ^ y ^ z }
@inline(__always) private func i<Word: MD5Word>(_ x: Word, _ y: Word, _ z: Word) -> Word { y ^ (x | ~z) }

/// A 32-bit word of a message, or the words at one place of several messages.
protocol MD5Word {
    init(repeating value: UInt32)
    static func &+ (left: Self, right: Self) -> Self
    static func & (left: Self, right: Self) -> Self
    static func | (left: Self, right: Self) -> Self
    static func ^ (left: Self, right: Self) -> Self
    static prefix func ~ (word: Self) -> Self
    /// The sum with `word` rotated to the left.
    ///
    /// - Parameter count: 1 ... 31.
    func adding(_ word: Self, rotatedLeftBy count: UInt32) -> Self
}

extension UInt32: MD5Word {
    @inline(__always) init(repeating value: UInt32) { self = value }

    @inline(__always) func adding(_ word: UInt32, rotatedLeftBy count: UInt32) -> UInt32 {
        self &+ (word &<< count | word &>> (32 &- count))
    }
}

extension SIMD8<UInt32>: MD5Word {
    /// The halves are added one by one: written as a rotation, the compiler takes the vector apart on processors that
    /// cannot rotate one.
    @inline(__always) func adding(_ word: Self, rotatedLeftBy count: UInt32) -> Self {
        (self &+ (word &<< Self(repeating: count))) &+ (word &>> Self(repeating: 32 &- count))
    }
}
