import ClusterModel
import Testing

@testable import Dashboard

@Suite struct SlotCellsTests {
    private let a = ShardID(text: "a")!
    private let b = ShardID(text: "b")!

    @Test func aCellIsOfWhoHasMostOfItsSlots() {
        let map = SlotMap(count: 100, runs: [.init(0, 44, shard: a), .init(45, 99, shard: b)])
        let cells = SlotCells(map, count: 10).cells.map(\.shard)
        #expect(cells == Array(repeating: a, count: 4) + [a] + Array(repeating: b, count: 5))
        #expect(SlotCells(map, count: 3).cells.map(\.shard) == [a, b, b])
    }

    @Test func aSingleSlotThatNobodyHasOrThatMovesIsSeen() {
        let map = SlotMap(
            count: 16_384,
            runs: [
                .init(0, 9, shard: a), .init(10, 10, shard: nil), .init(11, 8_000, shard: a),
                .init(8_001, 8_001, shard: a, target: b), .init(8_002, 16_383, shard: b),
            ])
        let cells = SlotCells(map, count: 64).cells
        #expect(cells[0].isUncovered && !cells[1].isUncovered)
        #expect(cells.filter { $0.target == b }.count == 1)
        #expect(cells.count == 64)
    }

    @Test func whereThereAreMoreCellsThanSlotsNoneIsEmpty() {
        let map = SlotMap(count: 4, runs: [.init(0, 1, shard: a), .init(2, 3, shard: b)])
        #expect(SlotCells(map, count: 10).cells.allSatisfy { $0.shard != nil })
    }

    @Test(arguments: [
        [SlotMap.Run(-5, 20_000, shard: nil)], [SlotMap.Run(9, 3, shard: nil)], [],
        [SlotMap.Run(.max, .max, shard: nil)],
    ])
    func whatCannotBeIsDrawnWithoutACrash(runs: [SlotMap.Run]) {
        for count in [0, 1, 7, 300] {
            #expect(SlotCells(SlotMap(count: 16_384, runs: runs), count: count).cells.count == count)
            #expect(SlotCells(SlotMap(count: .max, runs: runs), count: count).cells.count == count)
            #expect(SlotCells(SlotMap(count: 0, runs: runs), count: count).cells.count == count)
        }
    }
}
