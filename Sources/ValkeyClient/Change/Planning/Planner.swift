import ClusterModel

/// Makes a plan for a goal from what a cluster looks like. Pure.
struct Planner {
    let board: Board

    func plan(_ goal: Goal) throws(PlanRefusal) -> ChangePlan {
        var plan =
            switch goal {
            case .shardCount(let count, _, _): try shardCount(count, goal)
            case .rebalance(let measure): try rebalance(measure, goal)
            case .move(let slots, let from, let to): try move(slots, from: from, to: to, goal)
            case .addMember(let member, let shard): try add(member, to: shard, goal)
            case .removeMember(let member): try remove(member, goal)
            case .failover(let member, let way): try failover(member, way, goal)
            case .repair: throw PlanRefusal("a repair is planned from what is open, not from what slots belong to whom")
            }
        if !plan.moves.isEmpty { try addCautions(&plan) }
        return plan
    }

    private func rebalance(_ measure: Goal.Measure, _ goal: Goal) throws(PlanRefusal) -> ChangePlan {
        let owners = board.owners
        let hands = owners.map { Dealing.Hand(id: $0.id, slots: $0.slots, share: 1) }
        var plan = ChangePlan(goal, name: "rebalance by \(measure.rawValue)")
        switch measure {
        case .slots: plan.moves = Dealing.bySlots(hands)
        case .keys: plan.moves = Dealing.byCost(hands, costs: try slotKeys())
        // A sample of keys tells no more than that.
        case .memory: plan.moves = Dealing.byCost(hands, costs: try slotBytes(), least: 0.05)
        }
        if measure == .memory {
            plan.unpromised.append(
                "how many bytes a slot takes is reckoned from its keys, by a sample of those of its node; a difference under 5 % is left"
            )
        }
        if measure != .slots, !plan.moves.isEmpty {
            plan.unpromised.append("keys that clients write or delete meanwhile make it uneven again")
        }
        return plan
    }

    private func slotKeys() throws(PlanRefusal) -> [Int] {
        guard let keys = board.slotKeys, board.uncovered.union(board.counted) == .all else {
            throw PlanRefusal(
                "the keys of each slot could not be counted, so nothing can be made even by them. Rebalance by slots")
        }
        return keys
    }

    private func slotBytes() throws(PlanRefusal) -> [Int] {
        let keys = try slotKeys()
        var bytes = [Int](repeating: 0, count: HashSlot.count)
        for side in board.owners {
            guard let all = side.bytes, let count = board.keys(in: side.slots) else {
                throw PlanRefusal(
                    "\(side.address) does not tell how much memory its keys take. Rebalance by slots or keys")
            }
            // In hundredths of a byte, so that small keys are not rounded off.
            let each = count == 0 ? 0 : Double(all) * 100 / Double(count)
            for slot in side.slots { bytes[slot.number] = Int(Double(keys[slot.number]) * each) }
        }
        return bytes
    }

    private func move(
        _ range: ClosedRange<Int>, from: ShardID?, to: ShardID, _ goal: Goal
    ) throws(PlanRefusal) -> ChangePlan {
        guard range.lowerBound >= 0, range.upperBound < HashSlot.count else {
            throw PlanRefusal("slots are numbered 0 to \(HashSlot.count - 1)")
        }
        let target = try side(to)
        let wanted = SlotSet(range)
        var plan = ChangePlan(goal, name: "move \(wanted.words)")
        let sources = try from.map { shard throws(PlanRefusal) in [try side(shard)] } ?? board.owners
        for source in sources where source.id != target.id {
            let slots = source.slots.intersection(wanted)
            if !slots.isEmpty { plan.moves.append(SlotMove(slots: slots, from: source.id, to: target.id)) }
        }
        let foreign = wanted.subtracting(target.slots).subtracting(
            sources.reduce(into: SlotSet()) { $0.formUnion($1.slots) })
        if let from, !foreign.isEmpty {
            let words =
                plan.moves.isEmpty
                ? "shard \(from) has none of these slots" : "shard \(from) has not all of these slots"
            throw PlanRefusal(
                "\(words): not \(foreign.text(rangesMax: 3)). Name those that it has, or no shard to take them from")
        }
        return plan
    }

    func side(_ shard: ShardID) throws(PlanRefusal) -> Board.Side {
        guard let side = board.side(of: shard) else {
            let known = board.sides.prefix(8).map { "\($0.shard)" }.joined(separator: ", ")
            throw PlanRefusal(
                "there is no shard \(shard). There are \(known)\(board.sides.count > 8 ? " and more" : "")")
        }
        return side
    }
}
