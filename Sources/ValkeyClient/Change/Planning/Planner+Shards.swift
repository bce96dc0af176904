import ClusterModel
import Wording

extension Planner {
    /// To so many shards: spares are taken in, then replicas that a shard has beyond its first; or those are emptied that
    /// have the fewest slots.
    func shardCount(_ count: Int, _ goal: Goal) throws(PlanRefusal) -> ChangePlan {
        let owners = board.owners
        guard count >= 1, count <= HashSlot.count else {
            throw PlanRefusal("a cluster has 1 to \(HashSlot.count) shards, not \(count)")
        }
        var plan = ChangePlan(goal, name: "reshard")
        plan.fromShardCount = owners.count
        plan.toShardCount = count
        var hands: [Dealing.Hand]
        if count >= owners.count {
            hands = owners.map { Dealing.Hand(id: $0.id, slots: $0.slots, share: 1) }
            let missing = count - owners.count
            let spares = board.spares.filter(\.isUp).sorted {
                ($0.replicas.count, $1.address) > ($1.replicas.count, $0.address)
            }
            hands += spares.prefix(missing).map { Dealing.Hand(id: $0.id, slots: SlotSet(), share: 1) }
            for spare in spares.prefix(missing) { plan.steps.append("\(spare.address) becomes a shard of its own") }
            let freed = try spareReplicas(missing - min(missing, spares.count), toReach: count)
            for (replica, side) in freed {
                plan.before.append(.free(node: replica.id, replica.address))
                plan.steps.append(
                    "\(replica.address) is no replica of \(side.address) any more, and becomes a shard of its own")
                hands.append(Dealing.Hand(id: replica.id, slots: SlotSet(), share: 1))
            }
        } else {
            // Of equals those without replicas go, as what is left is the safer for it.
            let order = owners.sorted {
                ($0.slots.count, $0.replicas.count, $1.shard) < ($1.slots.count, $1.replicas.count, $0.shard)
            }
            let drained = Set(order.prefix(owners.count - count).map(\.id))
            hands = owners.map { Dealing.Hand(id: $0.id, slots: $0.slots, share: drained.contains($0.id) ? 0 : 1) }
            for side in owners where drained.contains(side.id) {
                plan.steps.append("\(side.address) gives all its slots away")
            }
        }
        plan.moves = Dealing.bySlots(hands)
        return plan
    }

    /// Replicas that can be spared, from shards that keep one.
    private func spareReplicas(
        _ count: Int, toReach shards: Int
    ) throws(PlanRefusal) -> [(Board.Replica, Board.Side)] {
        var found: [(Board.Replica, Board.Side)] = []
        var left = board.sides.map { side in (side, side.replicas.filter(\.isUp).sorted { $0.address < $1.address }) }
        while found.count < count {
            guard let place = left.indices.max(by: { left[$0].1.count < left[$1].1.count }), left[place].1.count > 1,
                let replica = left[place].1.popLast()
            else { break }
            found.append((replica, left[place].0))
        }
        guard found.count == count else {
            let missing = count - found.count
            throw PlanRefusal(
                "for \(shards) shards \(missing == 1 ? "a primary is" : "\(missing) primaries are") missing: there are "
                    + "\(board.owners.count) with slots, \(board.spares.count(where: \.isUp)) without, and "
                    + "\(found.count) replica\(found.count == 1 ? "" : "s") to spare. Add "
                    + (missing == 1 ? "a node" : "\(missing) nodes") + " first")
        }
        return found
    }

    /// Adds the risks to know of before slots move; refuses a move from or to a node that is down.
    func addCautions(_ plan: inout ChangePlan) throws(PlanRefusal) {
        try refuseWhatCannotMove(plan)
        let after = plan.slotsAfter(board)
        let targets = Set(plan.moves.map(\.to))
        for side in board.sides where targets.contains(side.id) && !side.replicas.contains(where: \.isUp) {
            plan.warnings.append("\(side.address) has no replica: what it gets is lost if it is")
        }
        for case .free(let node, let address) in plan.before where targets.contains(node) {
            plan.warnings.append("\(address) has no replica: what it gets is lost if it is")
        }
        for side in board.sides where !side.slots.isEmpty && after[side.id]?.isEmpty == true {
            warnOfDrained(side, &plan)
        }
        warnOfMemory(&plan)
        let versions = Set(board.sides.compactMap(\.version))
        if versions.count > 1 {
            plan.warnings.append(
                "nodes run different versions (\(versions.sorted().joined(separator: ", "))): what one writes another may not read"
            )
        }
        plan.unpromised.append("keys written, deleted or expired meanwhile are not in these counts")
    }

    private func refuseWhatCannotMove(_ plan: ChangePlan) throws(PlanRefusal) {
        for move in plan.moves {
            for id in [move.from, move.to] {
                guard let side = board.side(id), !side.isUp else { continue }
                throw PlanRefusal(
                    "\(side.address) is down, and slots would move from or to it. Start it, or fail over to its replica"
                )
            }
        }
    }

    private func warnOfDrained(_ side: Board.Side, _ plan: inout ChangePlan) {
        guard side.followsItsSlots != false else {
            plan.warnings.append("\(side.address) stays a primary without slots")
            return
        }
        let others = side.replicas.isEmpty ? "" : ", and so do its replicas"
        let doubt = side.followsItsSlots == nil ? ", unless cluster-allow-replica-migration is off" : ""
        plan.warnings.append(
            "\(side.address) becomes a replica of its own accord of a shard that takes its slots\(others)\(doubt)")
    }

    private func warnOfMemory(_ plan: inout ChangePlan) {
        for side in board.sides where plan.moves.contains(where: { $0.to == side.id }) {
            guard let bound = side.bytesMax, let bytes = plan.bytesAfter(of: side, board), bytes > bound / 10 * 9 else {
                continue
            }
            plan.warnings.append(
                "\(side.address) would hold about \(Figures.bytes(bytes)) of its maxmemory of \(Figures.bytes(bound))"
            )
        }
    }
}
