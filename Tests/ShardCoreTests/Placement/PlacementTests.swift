import Testing

@testable import ShardCore

/// Expected values come from Python, as in
/// `int(hashlib.md5(b"0:127.0.0.1:8081").hexdigest(), 16) % 2`.
@Suite struct PlacementTests {
    static func nodes(_ count: Int) -> [NodeAddress] {
        (1...count).compactMap { NodeAddress("127.0.0.1:\(8080 + $0)") }
    }

    @Test(arguments: [
        ("127.0.0.1:8081", UInt64(0), 2, 1),
        ("127.0.0.1:8082", 0, 2, 1),
        ("127.0.0.1:8083", 0, 3, 2),
        ("key", 0, 7, 1),
        ("key", 1, 7, 1),
        ("key", 123_456_789, 16, 7),
        ("", 0, 5, 0),
        ("schlüssel", 42, 11, 6),
        ("鍵", UInt64.max, 1_000_003, 154_616),
        ("a b/c", 9, 2, 0),
        (String(repeating: "x", count: 50), 10, 3, 1),
    ])
    func aTextGoesToTheShardThatPythonComputes(text: String, seed: UInt64, count: Int, shard: Int) {
        #expect(ShardHash.shard(of: text, seed: seed, count: count) == shard)
    }

    @Test func theDigestIsTheOneOfMD5() {
        #expect(ShardHash.digest(of: "key", seed: 0).hexadecimal == "5bcf87e7a8eb1039b885e4eb0e06ccc5")
    }

    @Test(arguments: [
        (6, 2, UInt64(0), UInt64(0), 1, [[4, 5, 6], [1, 2, 3]]),
        (6, 3, 0, 8, 9, [[1, 4], [2, 3], [5, 6]]),
        (6, 3, 3, 8, 6, [[1, 4], [2, 3], [5, 6]]),
        (7, 3, 0, 6, 7, [[2, 7], [3, 5], [1, 4, 6]]),
        (8, 4, 0, 11, 12, [[3, 8], [5, 7], [1, 2], [4, 6]]),
        (8, 4, 100, 159, 60, [[2, 6], [5, 8], [3, 7], [1, 4]]),
        (16, 8, 0, 3_009, 3_010, [[7, 8], [10, 11], [5, 12], [2, 3], [4, 14], [1, 16], [9, 13], [6, 15]]),
    ])
    func theSearchFindsTheSeedAndLayoutThatPythonFinds(
        count: Int, shards: Int, start: UInt64, seed: UInt64, tries: Int, layout: [[Int]]
    ) throws {
        let nodes = Self.nodes(count)
        var search = SeedSearch(nodes: nodes, shardCount: shards, startingSeed: start)
        let outcome = search.advance(hashes: .max)
        let found = try #require(outcome)
        #expect(found.seed == seed)
        #expect(found.placement == .hashed)
        #expect(search.seedsTried == tries)
        #expect(found.shards == layout.map { $0.map { nodes[$0 - 1] }.sorted() })
        #expect(search.seedTries.last?.balanced == true)
        #expect(search.seedTries.dropLast().allSatisfy { !$0.balanced })
    }

    @Test func slicesAndTheOrderOfNodesMakeNoDifference() {
        var whole = SeedSearch(nodes: Self.nodes(16), shardCount: 8, startingSeed: 0)
        var sliced = SeedSearch(nodes: Self.nodes(16).reversed(), shardCount: 8, startingSeed: 0)
        var slices = 0
        while sliced.advance(hashes: 7) == nil { slices += 1 }
        #expect(whole.advance(hashes: .max) == sliced.outcome)
        #expect(slices > 1_000)
        #expect(whole.seedsTried == sliced.seedsTried)
    }

    /// Python: sort by `md5("3:" + address)`, deal round four shards.
    @Test func pastTheCapTheNodesAreDealtAsAnyNodeCanRecompute() throws {
        let nodes = Self.nodes(8)
        var search = SeedSearch(nodes: nodes, shardCount: 4, startingSeed: 3, hashesMax: 1)
        let outcome = search.advance(hashes: .max)
        let found = try #require(outcome)
        #expect(found.placement == .dealt)
        #expect(found.seed == 3)
        #expect(found.shards == [[6, 7], [3, 8], [2, 5], [1, 4]].map { $0.map { nodes[$0 - 1] } })
    }

    @Test func aSearchThatCannotEndSoonReachesItsCapAndStillBalances() throws {
        var search = SeedSearch(nodes: Self.nodes(40), shardCount: 20, startingSeed: 0, hashesMax: 20_000)
        let outcome = search.advance(hashes: .max)
        let found = try #require(outcome)
        #expect(found.placement == .dealt)
        #expect(found.shards.allSatisfy { $0.count == 2 })
        #expect(Set(found.shards.joined()).count == 40)
    }

    /// Four standard deviations of a fair deal.
    @Test(arguments: 2...16)
    func tenThousandKeysAreSpreadEvenly(shardCount: Int) {
        var counts = Array(repeating: 0, count: shardCount)
        for number in 0..<10_000 {
            counts[ShardHash.shard(of: "key-\(number)", seed: 1, count: shardCount)] += 1
        }
        let share = 1 / Double(shardCount)
        let deviation = (10_000 * share * (1 - share)).squareRoot()
        for count in counts { #expect(abs(Double(count) - 10_000 * share) < 4 * deviation, "\(counts)") }
    }

    @Test func foundersComputeTheSameLayoutInAnyOrderOfTheirView() {
        let layout = Layout.founding(nodes: Self.nodes(6).reversed(), shardCount: 3)
        #expect(layout == Layout.founding(nodes: Self.nodes(6), shardCount: 3))
        #expect(layout.epoch == 1)
        #expect(layout.members == Self.nodes(6))
    }

    @Test(arguments: ["a:1", "10.0.0.1:65535", "[::1]:80", "node-1.example_x:8080"])
    func anAddressIsTakenAsItIs(text: String) { #expect(NodeAddress(text)?.description == text) }

    @Test(arguments: [
        "", "a", "a:", ":1", "a:0", "a:65536", "a:1x", "a b:1", "http://a:1", "a:1\n", "[::1:80", "a:-1", "é:1",
    ])
    func whatIsNoAddressIsRefused(text: String) { #expect(NodeAddress(text) == nil) }
}
