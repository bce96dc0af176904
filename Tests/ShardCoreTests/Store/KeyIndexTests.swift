import Testing

@testable import ShardCore

@Suite struct KeyIndexTests {
    @Test func keysComeBackInOrderWithTheirPlaces() {
        let texts = ["", "a", "ключ", String(repeating: "long ", count: 200), "👩‍👩‍👧", "z"]
        var index = KeyIndex()
        for (number, text) in texts.enumerated() {
            index.append(
                SlotKey(
                    slot: SlotKey.slotMax - UInt32(number), key: text, valueBytes: number.isMultiple(of: 2) ? nil : 9))
        }
        for (number, text) in texts.enumerated() {
            let next = index.next()
            #expect(next?.key == text)
            #expect(next?.place.slot == SlotKey.slotMax - UInt32(number))
            #expect(next?.place.isTombstone == number.isMultiple(of: 2))
        }
        #expect(index.next() == nil)
    }

    @Test func moreKeysThanAChunkHasComeBackInOrderAlsoWhileTheyCome() {
        var index = KeyIndex()
        var (put, got) = (0, 0)
        while got < 20_000 {
            for _ in 0..<1_500 where put < 20_000 {
                index.append(SlotKey(slot: UInt32(put), key: "key-\(put)", valueBytes: 1))
                put += 1
            }
            while got < put, let next = index.next() {
                #expect(next.key == "key-\(got)")
                got += 1
            }
            #expect(got == put && index.next() == nil)
        }
    }
}
