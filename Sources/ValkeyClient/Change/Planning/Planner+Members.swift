import ClusterModel

extension Planner {
    func add(_ member: MemberID, to shard: ShardID?, _ goal: Goal) throws(PlanRefusal) -> ChangePlan {
        var plan = ChangePlan(goal, name: "add a node")
        guard let address = ServerAddress(member.text) else {
            throw PlanRefusal("\(member) is no address of the form host:port")
        }
        let target = try shard.map { shard throws(PlanRefusal) in try side(shard) }
        if let known = board.sides.first(where: { $0.address == address }) {
            guard let target else { throw PlanRefusal("\(address) is a primary of this cluster already") }
            guard known.slots.isEmpty else {
                throw PlanRefusal(
                    "\(address) has \(known.slots.words) itself. Move them away first, then make it a replica")
            }
            guard known.id != target.id else { throw PlanRefusal("\(address) cannot be a replica of itself") }
            plan.before = [.replicate(node: known.id, address, of: target.id)]
            plan.steps = ["\(address) becomes a replica of \(target.address), and copies what that holds"]
        } else if let (replica, primary) = replica(at: address) {
            guard let target else {
                plan.before = [.free(node: replica.id, address)]
                plan.steps = [
                    "\(address) is no replica of \(primary.address) any more, drops its copy, and is a primary without slots"
                ]
                if primary.replicas.count == 1 { plan.warnings.append("\(primary.address) has no replica then") }
                return plan
            }
            guard primary.id != target.id else {
                throw PlanRefusal("\(address) is a replica of \(target.address) already")
            }
            plan.before = [.replicate(node: replica.id, address, of: target.id)]
            plan.steps = ["\(address) copies \(target.address) instead of \(primary.address)"]
            if primary.replicas.count == 1 { plan.warnings.append("\(primary.address) has no replica then") }
        } else {
            plan.before = [.meet(address)]
            plan.steps = ["\(address) is met by every node"]
            if let target {
                plan.steps.append("it becomes a replica of \(target.address), and copies what that holds")
                plan.replicaOf = target.id
            } else {
                plan.steps.append("it is a primary without slots until some are moved to it")
            }
        }
        return plan
    }

    func remove(_ member: MemberID, _ goal: Goal) throws(PlanRefusal) -> ChangePlan {
        var plan = ChangePlan(goal, name: "remove a node")
        guard let address = ServerAddress(member.text) else {
            throw PlanRefusal("\(member) is no address of the form host:port")
        }
        if let (replica, primary) = replica(at: address) {
            plan.after = [.forget(node: replica.id, address)]
            plan.steps = ["every node forgets \(address), which is no part of the cluster then"]
            if primary.replicas.count == 1 {
                plan.warnings.append("\(primary.address) has no replica then: what it holds is lost if it is")
            }
            return plan
        }
        guard let side = board.sides.first(where: { $0.address == address }) else {
            throw PlanRefusal("there is no \(address) in this cluster")
        }
        let others = board.owners.filter { $0.id != side.id }
        if !side.slots.isEmpty {
            guard !others.isEmpty else {
                throw PlanRefusal("\(address) has all the slots. Nobody is there to take them")
            }
            guard side.isUp else {
                throw PlanRefusal(
                    "\(address) is down and has \(side.slots.words). Fail over to a replica of it, or start it, first")
            }
            plan.fromShardCount = board.owners.count
            plan.toShardCount = others.count
            plan.moves = Dealing.bySlots(
                ([side] + others).map { Dealing.Hand(id: $0.id, slots: $0.slots, share: $0.id == side.id ? 0 : 1) })
            plan.steps.append("\(address) gives all its slots away")
        }
        // Its replicas would be nobody's. They go where the fewest are.
        var counts = Dictionary(uniqueKeysWithValues: others.map { ($0.id, $0.replicas.count) })
        for replica in side.replicas {
            guard let home = others.min(by: { (counts[$0.id] ?? 0, $0.shard) < (counts[$1.id] ?? 0, $1.shard) }) else {
                break
            }
            counts[home.id, default: 0] += 1
            plan.after.append(.replicate(node: replica.id, replica.address, of: home.id))
            plan.steps.append("\(replica.address) becomes a replica of \(home.address)")
        }
        plan.after.append(.forget(node: side.id, address))
        plan.steps.append("every node forgets \(address), which is no part of the cluster then")
        return plan
    }

    func failover(_ member: MemberID, _ way: Goal.Failover, _ goal: Goal) throws(PlanRefusal) -> ChangePlan {
        var plan = ChangePlan(goal, name: "failover")
        guard let address = ServerAddress(member.text), let (replica, primary) = replica(at: address) else {
            throw PlanRefusal("\(member) is no replica of this cluster. Only a replica can take over from its primary")
        }
        guard replica.isUp else { throw PlanRefusal("\(address) is down itself") }
        plan.before = [.failover(replica: replica.id, address, way)]
        plan.steps = [
            "\(address) becomes the primary of \(primary.slots.isEmpty ? "its shard" : primary.slots.words), \(primary.address) its replica"
        ]
        switch way {
        case .graceful:
            guard primary.isUp else {
                throw PlanRefusal("\(primary.address) is down, so it cannot hand over. Force the failover, or start it")
            }
        case .force:
            plan.warnings.append("writes that \(address) has not received yet are lost")
            plan.unpromised.append("the other primaries must agree; without a majority of them nothing happens")
        case .takeover:
            plan.warnings.append("writes that \(address) has not received yet are lost")
            plan.warnings.append(
                "nobody is asked: where others elect another primary at the same time, the later one wins, and what the first took meanwhile is lost"
            )
        }
        return plan
    }

    private func replica(at address: ServerAddress) -> (Board.Replica, Board.Side)? {
        for side in board.sides {
            if let replica = side.replicas.first(where: { $0.address == address }) { return (replica, side) }
        }
        return nil
    }
}
