/// Remainders of digests by one and the same shard count, without a division.
struct ShardModulus: Sendable {
    let count: Int
    private let divisor: UInt64
    /// The remainders of 2 to the 96, 64 and 32.
    private let powers: (UInt64, UInt64, UInt64)
    /// The reciprocal, rounded down, times 2 to the 64.
    private let reciprocal: UInt64

    /// With more shards than this the sum of the words' remainders might not fit.
    private static let countMax = 1 << 20

    /// - Parameter count: 1 or more.
    init(_ count: Int) {
        self.count = count
        divisor = UInt64(count)
        let power = (1 << 32) % divisor
        powers =
            count <= Self.countMax
            ? (power * power % divisor * power % divisor, power * power % divisor, power) : (0, 0, 0)
        reciprocal = UInt64.max / divisor
    }

    /// The remainder of the digest that these words of an MD5 make.
    @inline(__always)
    func remainder(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> Int {
        guard count <= Self.countMax else { return ShardHash.Digest(a, b, c, d).modulo(count) }
        let sum =
            UInt64(a.byteSwapped) &* powers.0 &+ UInt64(b.byteSwapped) &* powers.1
            &+ UInt64(c.byteSwapped) &* powers.2 &+ UInt64(d.byteSwapped)
        var rest = sum &- sum.multipliedFullWidth(by: reciprocal).high &* divisor
        // The estimate of the quotient is never too high, and too low by one at most.
        if rest >= divisor { rest &-= divisor }
        return Int(rest)
    }
}
