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
}
