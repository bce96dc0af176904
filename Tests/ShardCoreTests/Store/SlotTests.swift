import Testing

@testable import ShardCore

@Suite struct SlotTests {
    private func entry(_ value: Int?, epoch: UInt64 = 1, counter: UInt64 = 1) throws -> Entry {
        let node = try #require(NodeAddress("127.0.0.1:8081"))
        let dot = Dot(origin: Origin(node: node, incarnation: 1, epoch: epoch), counter: counter)
        return Entry(
            value: value.map { Array("\($0)".utf8) }, version: Version(dot: dot, timestamp: counter),
            dependencies: VersionVector())
    }

    /// Keys come and go, so that chains of buckets are cut in every place.
    @Test func theIndexFindsWhatADictionaryFindsWhateverCameAndWent() throws {
        var random = SystemRandomNumberGenerator()
        var store = Store()
        var expected: [String: Int] = [:]
        for step in 0..<60_000 {
            let key = "key\(Int.random(in: 0..<(step < 30_000 ? 6_000 : 1_500), using: &random))"
            if let position = store.position(ofKey: key), Bool.random(using: &random) {
                store.release(position)
                expected[key] = nil
            } else {
                let counter = UInt64(step + 1)
                #expect(store.merge(key, try entry(step, counter: counter)))
                expected[key] = step
            }
        }
        for number in 0..<6_000 {
            let value = store["key\(number)"]?.value.map { String(decoding: $0, as: UTF8.self) }
            #expect(value == expected["key\(number)"].map { "\($0)" })
        }
        #expect(store.records.count == expected.count)
    }

    @Test func keysWhoseHashesMeetAreToldApart() throws {
        var store = Store()
        // Enough that many share the part and the place where the search begins.
        for number in 0..<20_000 { store.merge("k\(number)", try entry(number)) }
        for number in 0..<20_000 { #expect(store["k\(number)"]?.value == Array("\(number)".utf8)) }
        #expect(store["k20000"] == nil)
    }

    @Test func keysThatDifferInOneByteAnywhereAreToldApart() throws {
        for length in 1...40 {
            var slots = SlotTable()
            let key = Array(repeating: UInt8(0x61), count: length)
            slots.append(String(decoding: key, as: UTF8.self), try entry(1), generation: 1)
            for place in 0..<length {
                var other = key
                other[place] = 0x62
                #expect(key.withUnsafeBufferPointer { slots.hasKey($0, at: 0) })
                #expect(!other.withUnsafeBufferPointer { slots.hasKey($0, at: 0) })
                #expect(!key[..<place].withUnsafeBufferPointer { slots.hasKey($0, at: 0) })
            }
        }
    }

    @Test func aValueIsReplacedWhateverTheLengthsAndWhatWasReadBeforeStays() throws {
        var store = Store()
        var counter: UInt64 = 0
        var read: [Entry] = []
        let values: [Int?] = [11, 22, nil, 33, 4_444, 5_555, 6, nil, nil, 7]
        for value in values {
            counter += 1
            store.merge("key", try entry(value, counter: counter))
            let entry = try #require(store["key"])
            read.append(entry)
            #expect(store.records == [Record(key: "key", entry: entry)])
        }
        #expect(read.map(\.value) == values.map { $0.map { Array("\($0)".utf8) } })
    }

    @Test func anOriginThatNoEntryHasAnyMoreIsForgotten() throws {
        var store = Store()
        for epoch in 1...50 as ClosedRange<UInt64> {
            for number in 0..<100 { store.merge("k\(number)", try entry(number, epoch: epoch, counter: epoch)) }
        }
        #expect(store.slots.originCount == 1, "of the last epoch")
        for number in 0..<100 {
            let entry = try #require(store["k\(number)"])
            #expect(entry.version.dot.origin.epoch == 50)
            store.release(try #require(store.position(ofKey: "k\(number)")))
        }
        #expect(store.slots.originCount == 0)
    }
}
