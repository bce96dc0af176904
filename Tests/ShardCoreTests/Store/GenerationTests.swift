import Testing

@testable import ShardCore

@Suite struct GenerationTests {
    private static let origin = Origin(node: NodeAddress("h:1")!, incarnation: 1, epoch: 1)
    private static let nodes = (1...6).map { NodeAddress("h:\($0)")! }
    private let layout = Layout.founding(nodes: nodes, shardCount: 3)

    private func entry(_ timestamp: UInt64, _ value: String?) -> Entry {
        Entry(
            value: value.map { Array($0.utf8) },
            version: Version(dot: Dot(origin: Self.origin, counter: timestamp), timestamp: timestamp),
            dependencies: VersionVector())
    }

    private func filled(_ keys: Range<Int>) -> Store {
        var store = Store()
        for key in keys { store.merge("k\(key)", entry(UInt64(key + 1), "v")) }
        return store
    }

    private func expected(_ keys: Range<Int>, in shard: Int) -> Set<String> {
        Set(keys.map { "k\($0)" }.filter { layout.shard(ofKey: $0) == shard })
    }

    private func check(_ store: Store, holds keys: Set<String>, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Set(store.records.filter { !$0.entry.isTombstone }.map(\.key)) == keys, sourceLocation: sourceLocation)
        #expect(store.tally.keys == keys.count, sourceLocation: sourceLocation)
        #expect(keys.allSatisfy { store[$0] != nil }, sourceLocation: sourceLocation)
    }

    @Test func whatIsPreparedIsUnseenUntilItIsPutIntoForce() {
        var store = filled(0..<300)
        store.beginNext(layout, shard: 1)
        store.tag(100)
        for key in 300..<600 where layout.shard(ofKey: "k\(key)") == 1 {
            store.stage(Record(key: "k\(key)", entry: entry(UInt64(key + 1), "v")))
        }
        check(store, holds: Set((0..<300).map { "k\($0)" }))
        // Written after the slots around it were hashed, and before that.
        store.merge("k600", entry(601, "v"))
        store.merge("k0", entry(1_000, nil))
        store.tag(.max)
        store.merge("k601", entry(602, "v"))
        #expect(store.isTagged)
        store.promoteNext()
        check(store, holds: expected(0..<602, in: 1).subtracting(layout.shard(ofKey: "k0") == 1 ? ["k0"] : []))
    }

    @Test func whatIsLeftOverIsFreedAndNothingElse() {
        var store = filled(0..<300)
        store.beginNext(layout, shard: 2)
        store.tag(.max)
        store.promoteNext()
        var freed: Set<String> = []
        while store.hasLeftovers { freed.formUnion(store.freeLeftovers(7)) }
        #expect(freed == Set((0..<300).map { "k\($0)" }).subtracting(expected(0..<300, in: 2)))
        check(store, holds: expected(0..<300, in: 2))
        // Freed slots are used again.
        let slots = store.slots.count
        for key in freed.sorted() { store.merge(key, entry(5_000, "w")) }
        #expect(store.slots.count == slots)
        #expect(store.tally.keys == 300)
    }

    @Test func whatIsGivenUpLeavesNothingBehind() {
        var store = filled(0..<100)
        let before = store.tally
        store.beginNext(layout, shard: 0)
        store.tag(50)
        for key in 100..<200 { store.stage(Record(key: "k\(key)", entry: entry(UInt64(key + 1), "v"))) }
        #expect(store.stagedRecords.count == 100)
        store.abandonNext()
        #expect(store.tally == before)
        while store.hasLeftovers { _ = store.freeLeftovers(10) }
        check(store, holds: Set((0..<100).map { "k\($0)" }))
        // A key that was staged and left over is new when it is written.
        store.merge("k150", entry(1, "w"))
        #expect(store["k150"] == entry(1, "w"))
    }

    @Test func aLaterStagedEntryTakesThePlaceOfAnEarlierOne() {
        var store = Store()
        store.beginNext(layout, shard: 0)
        let news = [entry(2, "v2"), entry(1, "v1"), entry(3, nil)].map { store.stage(Record(key: "a", entry: $0)) }
        #expect(news == [true, false, true])
        store.promoteNext()
        #expect(store["a"] == entry(3, nil))
        #expect(store.tally.tombstones == 1 && store.tally.keys == 0)
    }

    @Test func onlySafeTombstonesAreCollected() {
        var store = filled(0..<10)
        for key in 0..<6 { store.merge("k\(key)", entry(UInt64(100 + key), nil)) }
        store.merge("k5", entry(200, "again"))
        let collected = store.collectTombstones(100) { tombstone, _ in tombstone.version.timestamp % 2 == 0 }
        #expect(Set(collected.map(\.key)) == ["k0", "k2", "k4"])
        #expect(store.tally.tombstones == 2 && store.tally.keys == 5)
        #expect(store["k5"] == entry(200, "again") && store["k1"] == entry(101, nil) && store["k0"] == nil)
        let rest = store.collectTombstones(100) { _, _ in true }
        #expect(rest.map(\.key) == ["k1", "k3"])
    }
}
