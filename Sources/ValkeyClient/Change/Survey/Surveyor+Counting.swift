import ClusterModel

extension Surveyor {
    /// Plans a goal, with the keys counted of the slots that it concerns.
    func plan(_ goal: Goal, _ survey: Survey, _ board: Board) async throws(PlanRefusal) -> (ChangePlan, Board) {
        var board = board
        if case .rebalance(by: let measure) = goal, measure != .slots { await count(.all, survey, &board) }
        let plan = try Planner(board: board).plan(goal)
        guard !plan.moves.isEmpty, board.slotKeys == nil else { return (plan, board) }
        // The same again, now that it is known how much moves.
        await count(plan.moves.reduce(into: SlotSet()) { $0.formUnion($1.slots) }, survey, &board)
        return (try Planner(board: board).plan(goal), board)
    }

    /// Asks the owners of slots how many keys are in each. Where one does not tell, the board stays as it is.
    private func count(_ wanted: SlotSet, _ survey: Survey, _ board: inout Board) async {
        let keys = await withTaskGroup(of: [(Int, Int)]?.self) { group in
            for side in board.owners {
                let slots = Array(side.slots.intersection(wanted))
                guard !slots.isEmpty else { continue }
                guard survey.answers[side.id] != nil else { return [Int]?.none }
                group.addTask {
                    let commands = slots.map { Command.countKeys(in: $0) }
                    guard
                        let replies = try? await calls.send(commands, to: side.address, lane: 0, within: .seconds(10))
                    else { return nil }
                    let counts = replies.compactMap { $0.integer.flatMap { Int(exactly: $0) } }
                    guard counts.count == slots.count else { return nil }
                    return zip(slots, counts).map { ($0.number, max(0, $1)) }
                }
            }
            var keys = [Int](repeating: 0, count: HashSlot.count)
            for await counts in group {
                guard let counts else { return nil }
                for (slot, count) in counts { keys[slot] = count }
            }
            return keys
        }
        guard let keys else { return }
        (board.slotKeys, board.counted) = (keys, wanted)
    }
}
