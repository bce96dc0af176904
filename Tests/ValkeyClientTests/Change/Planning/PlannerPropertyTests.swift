import ClusterModel
import Testing

@testable import ValkeyClient

@Suite struct PlannerPropertyTests {
    /// Every slot has one owner before and after, and each move takes from who has it.
    private func expectWhole(_ plan: ChangePlan, _ board: Board) {
        var slots = Dictionary(uniqueKeysWithValues: board.sides.map { ($0.id, $0.slots) })
        for move in plan.moves {
            #expect(!move.slots.isEmpty && move.from != move.to)
            #expect(move.slots.isSubset(of: slots[move.from] ?? SlotSet()))
            slots[move.from]?.subtract(move.slots)
            #expect(slots[move.to, default: SlotSet()].isDisjoint(with: move.slots))
            slots[move.to, default: SlotSet()].formUnion(move.slots)
        }
        #expect(slots.values.reduce(0) { $0 + $1.count } == board.sides.reduce(0) { $0 + $1.slots.count })
        #expect(slots.values.reduce(into: SlotSet()) { $0.formUnion($1) } == SlotSet.all.subtracting(board.uncovered))
        #expect(Set(plan.moves.map { [$0.from, $0.to] }).count == plan.moves.count)
    }

    private func expectEven(_ counts: [Int]) {
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "\(counts)")
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func aNumberOfShardsIsReachedEvenlyByTheFewestMoves(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let owners = Int.random(in: 1...9, using: &generator)
        let spares = Int.random(in: 0...5, using: &generator)
        let board = Board.random(&generator, owners: owners, spares: spares)
        let goal = Int.random(in: 1...(board.owners.count + board.spares.count), using: &generator)
        let plan = try Planner(board: board).plan(.shardCount(goal))
        expectWhole(plan, board)
        let after = plan.slotsAfter(board).mapValues(\.count)
        let having = after.filter { $0.value > 0 }
        #expect(having.count == goal)
        expectEven(Array(having.values))
        // No plan can move less: what is above its share must go, and so must all of those that keep nothing.
        let before = board.owners.map(\.slots.count).sorted(by: >)
        let share = HashSlot.count / goal
        let larger = HashSlot.count % goal
        let least =
            before.prefix(goal).enumerated().reduce(0) {
                $0 + max(0, $1.element - share - ($1.offset < larger ? 1 : 0))
            }
            + before.dropFirst(goal).reduce(0, +)
        #expect(plan.slotCount == least)
        #expect(plan.moves.count < owners + spares)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func aRebalanceByKeysIsWithinOneSlotsKeys(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let board = Board.random(&generator, owners: Int.random(in: 2...8, using: &generator))
        let plan = try Planner(board: board).plan(.rebalance(by: .keys))
        expectWhole(plan, board)
        let keys = plan.slotsAfter(board).values.filter { !$0.isEmpty }.map { board.keys(in: $0) ?? 0 }
        let mean = keys.reduce(0, +) / max(1, keys.count)
        // Every pair is within a two-hundredth of what it moves, or a slot of at most 20 keys.
        for count in keys { #expect(abs(count - mean) <= mean / 100 + 20 * board.sides.count, "\(keys)") }
    }

    /// Where half of the slots are empty, those that are not lie apart, and go together with what lies between them.
    @Test(arguments: 0..<40 as Range<UInt64>, [Goal.Measure.keys, .memory])
    func aRebalanceByWhatSlotsHoldCutsTheStripNoMoreThanTwiceAMove(seed: UInt64, measure: Goal.Measure) throws {
        var generator = SeededGenerator(seed: seed)
        var board = Board.random(&generator, owners: Int.random(in: 2...8, using: &generator))
        func pieces() -> Int { board.sides.reduce(0) { $0 + $1.slots.ranges.count } }
        let before = pieces()
        let plan = try Planner(board: board).plan(.rebalance(by: measure))
        for move in plan.moves { board.give(move.slots, from: move.from, to: move.to) }
        #expect(pieces() <= before + 2 * plan.moves.count)
    }

    @Test func whatIsGivenToANeighbourIsNextToItsSlots() throws {
        var board = Board.plain([4096, 4096, 4096, 4096])
        board.slotKeys = (0..<HashSlot.count).map { $0 % 2 == 0 ? 0 : ($0 < 4096 ? 30 : ($0 < 8192 ? 10 : 20)) }
        let plan = try Planner(board: board).plan(.rebalance(by: .keys))
        let move = try #require(plan.moves.first)
        #expect(plan.moves.count == 1 && move.slots.ranges.count == 1 && move.slots.ranges[0].upperBound == 4095)
        for (_, slots) in plan.slotsAfter(board) { #expect(slots.ranges.count == 1) }
    }

    /// A slot that holds as much as is to go goes alone: what it would take along to the edge is empty and far.
    @Test func aFullSlotGoesWithoutTheEmptyOnesRoundIt() throws {
        var board = Board.plain([8192, 8192])
        board.slotKeys = (0..<HashSlot.count).map { [3000, 5000].contains($0) ? 100 : 0 }
        let plan = try Planner(board: board).plan(.rebalance(by: .keys))
        #expect(plan.slotCount == 1)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func aRebalanceBySlotsMovesNothingWhereAllIsEven(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var board = Board.random(&generator, owners: Int.random(in: 2...8, using: &generator))
        let planner = Planner(board: board)
        for move in try planner.plan(.rebalance(by: .slots)).moves {
            board.give(move.slots, from: move.from, to: move.to)
        }
        expectEven(board.owners.map(\.slots.count))
        #expect(try Planner(board: board).plan(.rebalance(by: .slots)).isEmpty)
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func aNodeIsRemovedOnlyWhenOthersHaveAllItsSlots(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let board = Board.random(&generator, owners: Int.random(in: 2...8, using: &generator), replicas: 2)
        let side = try #require(board.owners.randomElement(using: &generator))
        let plan = try Planner(board: board).plan(.removeMember(MemberID("\(side.address)")))
        guard board.owners.count > 1 else { return }
        expectWhole(plan, board)
        #expect(plan.slotsAfter(board)[side.id]?.isEmpty == true)
        #expect(plan.after.last == .forget(node: side.id, side.address))
        // Its replicas are others' before it goes.
        let homes = plan.after.compactMap { if case .replicate(_, _, let of) = $0 { of } else { nil } }
        #expect(homes.count == 2 && !homes.contains(side.id))
    }
}

extension Board {
    mutating func give(_ slots: SlotSet, from: NodeID, to: NodeID) {
        for index in sides.indices {
            if sides[index].id == from { sides[index].slots.subtract(slots) }
            if sides[index].id == to { sides[index].slots.formUnion(slots) }
        }
    }
}
