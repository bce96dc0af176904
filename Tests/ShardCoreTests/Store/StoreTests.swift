import Testing

@testable import ShardCore

@Suite struct StoreTests {
    private static let origin = Origin(node: NodeAddress("h:1")!, incarnation: 1, epoch: 1)

    private func entry(_ timestamp: UInt64, _ value: String?) -> Entry {
        Entry(
            value: value.map { Array($0.utf8) },
            version: Version(dot: Dot(origin: Self.origin, counter: timestamp), timestamp: timestamp),
            dependencies: VersionVector())
    }

    private func counts(_ store: Store) -> (Int, Int, Int) {
        (store.tally.keys, store.tally.tombstones, store.tally.bytes)
    }

    @Test func theLaterWriteWinsInWhateverOrderTheyCome() {
        for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1, 2, 3]] as [[UInt64]] {
            var store = Store()
            for timestamp in order { store.merge("k", entry(timestamp, "v\(timestamp)")) }
            #expect(store["k"] == entry(3, "v3"))
        }
    }

    @Test func keysTombstonesAndBytesAreCountedThroughEveryChange() {
        var store = Store()
        store.merge("abc", entry(1, "12"))
        #expect(counts(store) == (1, 0, 5))
        store.merge("abc", entry(2, nil))
        #expect(counts(store) == (0, 1, 3))
        store.merge("abc", entry(3, "1234"))
        store.merge("de", entry(4, "1"))
        #expect(counts(store) == (2, 0, 10))
        store.rebuild(store.records.filter { $0.key == "de" })
        #expect(counts(store) == (1, 0, 3))
        #expect(store["abc"] == nil && store["de"] == entry(4, "1"))
    }

    @Test func pagesShowEveryEntryThatWasThereThoughOthersComeMeanwhile() {
        var store = Store()
        for number in 0..<100 { store.merge("k\(number)", entry(UInt64(number + 1), "v")) }
        var seen: Set<String> = []
        var cursor: UInt64? = 0
        var fresh = 0
        while let from = cursor {
            let page = store.page(from: from, recordsMax: 7, bytesMax: .max) { _ in true }
            seen.formUnion(page.records.map(\.key))
            if fresh < 40 { store.merge("new\(fresh)", entry(UInt64(1_000 + fresh), "v")) }
            fresh += 1
            cursor = page.next
        }
        #expect((0..<100).allSatisfy { seen.contains("k\($0)") })
    }

    @Test func changesAreNotedFromTheMomentTheyAreAskedFor() {
        var store = Store()
        store.merge("a", entry(1, "v"))
        #expect(store.changes == nil)
        store.beginChanges()
        store.merge("b", entry(2, "v"))
        store.merge("a", entry(3, "v"))
        store.merge("a", entry(2, "stale"))
        #expect(store.changes?.slots.map { store.slots.key(at: $0) } == ["b", "a"])
    }

    @Test func aKeyThatChangesAgainAndAgainIsNotedOnceUntilItWasRead() throws {
        var store = Store()
        store.beginChanges()
        for timestamp in 1...1_000 { store.merge("a", entry(UInt64(timestamp), "v")) }
        #expect(store.changes?.count == 1)
        let firstRead = store.readChanges(from: 0, slotsMax: 100, bytesMax: 1_000)
        let first = try #require(firstRead)
        #expect(first.records.map(\.entry) == [entry(1_000, "v")])
        #expect(first.isLast)
        store.merge("a", entry(2_000, "w"))
        store.merge("a", entry(2_001, "x"))
        let secondRead = store.readChanges(from: first.next, slotsMax: 100, bytesMax: 1_000)
        let second = try #require(secondRead)
        #expect(second.records.map(\.entry) == [entry(2_001, "x")])
        #expect(store.changes?.count == 2)
    }

    @Test func changesAreReadInPages() throws {
        var store = Store()
        store.beginChanges()
        for number in 0..<10 { store.merge("k\(number)", entry(UInt64(number + 1), "v")) }
        let firstRead = store.readChanges(from: 0, slotsMax: 4, bytesMax: .max)
        let page = try #require(firstRead)
        #expect(page.records.map(\.key) == ["k0", "k1", "k2", "k3"] && page.next == 4 && !page.isLast)
        let secondRead = store.readChanges(from: 4, slotsMax: 100, bytesMax: .max)
        let rest = try #require(secondRead)
        #expect(rest.records.count == 6 && rest.isLast)
        let beyond = store.readChanges(from: 99, slotsMax: 100, bytesMax: .max)
        #expect(beyond?.records.isEmpty == true)
    }
}
