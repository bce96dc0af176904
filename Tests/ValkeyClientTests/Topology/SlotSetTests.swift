import Testing
import ValkeyClient

@Suite struct HashSlotTests {
    /// As `CLUSTER KEYSLOT` of a Redis 7.0.15 answers.
    @Test(arguments: [
        ("", 0), ("123456789", 12739), ("foo", 12182), ("{user1000}.following", 3443), ("{user1000}.followers", 3443),
        ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015), ("foo{bar}{zap}", 5061), ("{a", 10276), ("}{a}", 15495),
    ])
    func keysLieWhereServersSay(key: String, slot: Int) {
        #expect(HashSlot(key: key).number == slot)
    }

    @Test func outsideItsRangeThereIsNone() {
        #expect(HashSlot(-1) == nil)
        #expect(HashSlot(16_384) == nil)
        #expect(HashSlot(16_383)?.number == 16_383)
    }
}

@Suite struct SlotSetTests {
    @Test func rangesGoInAndOut() {
        var slots = SlotSet(0...5460)
        slots.insert(10_923...16_383)
        #expect(slots.count == 5461 + 5461)
        #expect(slots.ranges == [0...5460, 10_923...16_383])
        #expect(slots.description == "0-5460,10923-16383")
        #expect(SlotSet("0-5460 10923-16383") == slots)
        #expect(SlotSet(slots.description) == slots)
    }

    @Test func edgesOfWordsAreKept() {
        for range in [63...64, 0...63, 64...127, 5...5, 16_383...16_383, 1...16_382, 127...129] {
            let slots = SlotSet(range)
            #expect(slots.map(\.number) == Array(range))
            #expect(slots.ranges == [range])
        }
    }

    @Test func whatLeavesTheRangeIsLeftOut() {
        #expect(SlotSet(-5...(-1)).isEmpty)
        #expect(SlotSet(16_384...20_000).isEmpty)
        #expect(SlotSet(-5...20_000) == SlotSet.all)
    }

    @Test func emptySetsAreEqualHoweverTheyBecameSo() {
        var slots = SlotSet(5...6)
        for slot in slots { slots.remove(slot) }
        #expect(slots == SlotSet())
        #expect(SlotSet(0...9).subtracting(SlotSet(0...20)) == SlotSet())
        #expect(SlotSet(0...9).intersection(SlotSet(10...20)).isEmpty)
    }

    @Test func algebraIsThatOfSets() {
        for _ in 0..<50 {
            let one = Set((0..<200).map { _ in Int.random(in: 0..<400) })
            let other = Set((0..<200).map { _ in Int.random(in: 0..<400) })
            let (left, right) = (SlotSet(one.compactMap(HashSlot.init)), SlotSet(other.compactMap(HashSlot.init)))
            #expect(left.union(right).map(\.number) == one.union(other).sorted())
            #expect(left.intersection(right).map(\.number) == one.intersection(other).sorted())
            #expect(left.subtracting(right).map(\.number) == one.subtracting(other).sorted())
            #expect(left.symmetricDifference(right).map(\.number) == one.symmetricDifference(other).sorted())
            #expect(left.isDisjoint(with: right) == one.isDisjoint(with: other))
            #expect(left.count == one.count)
        }
    }

    @Test func manyRangesAreShortened() {
        let slots = SlotSet([1, 3, 5, 7, 9, 10].compactMap(HashSlot.init))
        #expect(slots.text(rangesMax: 2) == "1,3 and 4 more")
        #expect(slots.text(rangesMax: 9) == "1,3,5,7,9-10")
        #expect(slots.first(3).description == "1,3,5")
    }

    @Test(arguments: ["x", "5-", "-5", "7-3", "16384", "0-16384", "1-2-3", "1.5", "99999999999999999999"])
    func junkIsNoSet(text: String) {
        #expect(SlotSet(text) == nil)
    }
}
