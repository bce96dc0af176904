/// The nodes of a search for a seed, prepared so that eight of them are hashed at a time.
///
/// Messages differ from seed to seed in the seed's digits only, which all nodes share.
struct NodeLanes: Sendable {
    static let lanes = 8

    private let addresses: [[UInt8]]
    private let modulus: ShardModulus
    private let bytesMax: Int
    /// For seeds of ``digitCount`` digits the blocks of all nodes, 16 words for every eight nodes, the digits left out.
    private var blocks: [SIMD8<UInt32>] = []
    private var digitCount = 0

    /// - Parameter shardCount: 1 or more.
    init(_ nodes: [NodeAddress], shardCount: Int) {
        addresses = nodes.map { Array($0.description.utf8) }
        bytesMax = addresses.map(\.count).max() ?? 0
        modulus = ShardModulus(shardCount)
    }

    /// Finds the shards of the nodes `first ..< first + 8`, as far as there are that many.
    mutating func place(from first: Int, seed: UInt64, into shards: inout [Int]) {
        let digits = Digits(seed)
        guard digits.count + 1 + bytesMax + MD5<UInt32>.paddingBytesMin <= MD5<UInt32>.blockBytes else {
            return placeOneByOne(from: first, seed: seed, into: &shards)
        }
        if digits.count != digitCount { prepare(forDigits: digits.count) }
        let words = MD5<UInt32>.blockWords
        let start = first / Self.lanes * words
        let hash = withUnsafeTemporaryAllocation(of: SIMD8<UInt32>.self, capacity: words) { block in
            for word in 0..<words { block.initializeElement(at: word, to: blocks[start + word]) }
            for word in 0..<(digits.count + 3) / 4 { block[word] |= SIMD8(repeating: digits.words[word]) }
            var hash = MD5<SIMD8<UInt32>>()
            if let address = block.baseAddress { hash.digest(address) }
            return hash
        }
        for lane in 0..<min(Self.lanes, addresses.count - first) {
            shards[first + lane] = modulus.remainder(hash.a[lane], hash.b[lane], hash.c[lane], hash.d[lane])
        }
    }

    private func placeOneByOne(from first: Int, seed: UInt64, into shards: inout [Int]) {
        for node in first..<min(first + Self.lanes, addresses.count) {
            let text = String(decoding: addresses[node], as: UTF8.self)
            shards[node] = ShardHash.shard(of: text, seed: seed, count: modulus.count)
        }
    }

    private mutating func prepare(forDigits count: Int) {
        digitCount = count
        let words = MD5<UInt32>.blockWords
        blocks = Array(
            repeating: SIMD8(), count: (addresses.count + Self.lanes - 1) / Self.lanes * words)
        for (number, address) in addresses.enumerated() {
            let message = Array(repeating: 0, count: count) + [0x3A] + address
            let start = number / Self.lanes * words
            for (position, byte) in (message + [0x80]).enumerated() {
                blocks[start + position / 4][number % Self.lanes] |= UInt32(byte) << UInt32(position % 4 * 8)
            }
            blocks[start + words - 2][number % Self.lanes] = UInt32(message.count * 8)
        }
    }

    /// The decimal digits of a seed, where a message has them: at its beginning.
    private struct Digits {
        var words = SIMD8<UInt32>()
        let count: Int

        init(_ seed: UInt64) {
            var length = 1
            var rest = seed / 10
            while rest > 0 {
                length += 1
                rest /= 10
            }
            count = length
            rest = seed
            for position in stride(from: length - 1, through: 0, by: -1) {
                words[position / 4] |= UInt32(0x30 + rest % 10) << UInt32(position % 4 * 8)
                rest /= 10
            }
        }
    }
}
