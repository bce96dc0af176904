import ClusterModel

extension Surveyor {
    /// Plans a goal, with the keys counted of the slots that it concerns.
    func plan(_ goal: Goal, _ survey: Survey, _ board: Board) async throws(PlanRefusal) -> (ChangePlan, Board) {
        var board = board
        if case .rebalance(by: let measure) = goal, measure != .slots { await count(.all, survey, &board) }
        if case .rebalance(by: .memory) = goal { await sample(&board) }
        let plan = try Planner(board: board).plan(goal)
        guard !plan.moves.isEmpty, board.slotKeys == nil else { return (plan, board) }
        // The same again, now that it is known how much moves.
        await count(plan.moves.reduce(into: SlotSet()) { $0.formUnion($1.slots) }, survey, &board)
        return (try Planner(board: board).plan(goal), board)
    }

    private static let sampleSize = 256

    /// Reckons what the keys of each side take from some of them, taken at random: what a server says of its memory as a
    /// whole has its buffers and tables in it. Where one does not let this be asked, what it says has to do.
    private func sample(_ board: inout Board) async {
        let sides = board.owners
        let pick = [Command](repeating: Command("RANDOMKEY"), count: Self.sampleSize)
        let picks = await runner.ask(sides.map { Request(pick, to: $0.address, within: .seconds(5)) }, lane: 0)
        let keys = picks.map { Array(Set(($0.replies ?? []).compactMap(\.bytes))) }
        let questions = zip(sides, keys).map { side, keys in
            Request(
                keys.map { Command("MEMORY", "USAGE").adding(bytes: [$0]) }, to: side.address, within: .seconds(5))
        }
        let asked = questions.indices.filter { !keys[$0].isEmpty }
        let answers = await runner.ask(asked.map { questions[$0] }, lane: 0)
        for (index, answer) in zip(asked, answers) {
            let bytes = (answer.replies ?? []).compactMap(\.integer).map(Double.init)
            guard !bytes.isEmpty, let place = board.sides.firstIndex(where: { $0.id == sides[index].id }),
                let count = board.keys(of: board.sides[place])
            else { continue }
            board.sides[place].bytes = Int(bytes.reduce(0, +) / Double(bytes.count) * Double(count))
        }
    }

    /// Asks the owners of slots how many keys are in each. Where one does not tell, the board stays as it is.
    private func count(_ wanted: SlotSet, _ survey: Survey, _ board: inout Board) async {
        let parts = board.owners.map { ($0, Array($0.slots.intersection(wanted))) }.filter { !$0.1.isEmpty }
        let requests = parts.map { side, slots in
            Request(slots.map { .countKeys(in: $0) }, to: side.address, within: .seconds(10))
        }
        var keys = [Int](repeating: 0, count: HashSlot.count)
        for ((_, slots), answer) in zip(parts, await runner.ask(requests, lane: 0)) {
            guard let replies = answer.replies else { return }
            for (slot, reply) in zip(slots, replies) {
                guard let count = reply.integer.flatMap({ Int(exactly: $0) }) else { return }
                keys[slot.number] = max(0, count)
            }
        }
        (board.slotKeys, board.counted) = (keys, wanted)
    }
}
