import Crypto
import Testing

@testable import ShardCore

@Suite struct MD5Tests {
    private func expected(_ text: String, seed: UInt64) -> String {
        Insecure.MD5.hash(data: Array("\(seed):\(text)".utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }

    /// Around the ends of blocks the padding takes another block.
    @Test func textsOfEveryLengthHashAsTheLibraryHashesThem() {
        var random = SystemRandomNumberGenerator()
        for length in 0...300 {
            let text = String(
                decoding: (0..<length).map { _ in UInt8.random(in: 0...127, using: &random) }, as: UTF8.self)
            for seed in [0, 9, 10, .max, UInt64.random(in: 0...UInt64.max, using: &random)] {
                #expect(ShardHash.digest(of: text, seed: seed).hexadecimal == expected(text, seed: seed), "\(length)")
            }
        }
    }

    /// Nodes decide alike only if each counts the same seeds, whatever is hashed ahead.
    @Test func theSearchDecidesAsOneThatHashesOneNodeAtATime() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            let shardCount = Int.random(in: 1...6, using: &random)
            let nodeCount = Int.random(in: 2 * shardCount...2 * shardCount + 14, using: &random)
            let hosts = ["127.0.0.1", "[2001:db8::17]", "a-node-of-a-long-name.example-cluster.internal", "db"]
            let host = try #require(hosts.randomElement(using: &random))
            let nodes = try (0..<nodeCount).map { try #require(NodeAddress("\(host):\(9_000 + $0)")) }.sorted()
            let start =
                [0, 8, 97, UInt64.max - 3, UInt64.random(in: 0...UInt64.max, using: &random)]
                .randomElement(using: &random) ?? 0
            let hashesMax = Int.random(in: 1...4_000, using: &random)
            var search = SeedSearch(nodes: nodes, shardCount: shardCount, startingSeed: start, hashesMax: hashesMax)
            var slices = 0
            while search.advance(hashes: 7) == nil { slices += 1 }
            let outcome = try #require(search.outcome)
            let reference = reference(nodes, shardCount, start, hashesMax)
            #expect(outcome.seed == reference.seed)
            #expect((outcome.placement == .hashed) == reference.isFound)
            #expect(search.seedsTried == reference.tries)
            if reference.isFound { #expect(outcome.shards == reference.shards) }
        }
    }

    private func reference(
        _ nodes: [NodeAddress], _ shardCount: Int, _ start: UInt64, _ hashesMax: Int
    ) -> (seed: UInt64, isFound: Bool, tries: Int, shards: [[NodeAddress]]) {
        var (seed, hashes, tries) = (start, 0, 0)
        while true {
            var shards: [[NodeAddress]] = Array(repeating: [], count: shardCount)
            var isLost = false
            for (position, node) in nodes.enumerated() where !isLost {
                shards[ShardHash.shard(of: node.description, seed: seed, count: shardCount)].append(node)
                hashes += 1
                let missing = shards.reduce(0) { $0 + max(0, 2 - $1.count) }
                isLost = missing > nodes.count - position - 1
            }
            tries += 1
            if !isLost { return (seed, true, tries, shards) }
            if hashes >= hashesMax { return (seed, false, tries, shards) }
            seed &+= 1
        }
    }

    @Test func remaindersWithoutADivisionAreThoseOfTheDivision() {
        var random = SystemRandomNumberGenerator()
        for count in [1, 2, 3, 7, 50, 1_000, 65_536, 1 << 20, (1 << 20) + 1, .max]
            + (0..<200).map({ _ in
                Int.random(in: 1...1 << 21, using: &random)
            })
        {
            let modulus = ShardModulus(count)
            for _ in 0..<20 {
                let words = (0..<4).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
                let digest = ShardHash.Digest(words[0], words[1], words[2], words[3])
                #expect(modulus.remainder(words[0], words[1], words[2], words[3]) == digest.modulo(count))
            }
            #expect(
                modulus.remainder(.max, .max, .max, .max) == ShardHash.Digest(high: .max, low: .max).modulo(count))
        }
    }
}
