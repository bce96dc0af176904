extension Replica {
    private static let hashesPerSlice = 2_000

    mutating func startPlan(shardCount: Int, for client: RequestID) {
        guard shardCount >= 1, shardCount <= Bounds.nodesMax else {
            return reply(client, .refused(.badShardCount(shardCount)))
        }
        let nodes = view
        guard nodes.count >= shardCount * SeedSearch.membersMin else {
            return reply(client, .refused(.notEnoughNodes(nodes: nodes.count, shardCount: shardCount)))
        }
        guard layout.epoch > 0 else { return reply(client, .refused(.shardDown(shard: nil))) }
        let search = SeedSearch(nodes: nodes, shardCount: shardCount, startingSeed: layout.seed)
        guard queries.plans.begin(shardCount: shardCount, epoch: layout.epoch, search, for: client, now) else {
            return reply(client, .refused(.busy))
        }
        wantResume()
    }

    mutating func advancePlanning() {
        let (found, isSearching) = queries.plans.advance(hashes: Self.hashesPerSlice)
        if isSearching { wantResume() }
        for (index, seed, shardCount) in found { askCounts(index, seed: seed, shardCount: shardCount) }
    }

    private mutating func askCounts(_ index: Int, seed: UInt64, shardCount: Int) {
        for (owner, members) in layout.shards.enumerated() {
            guard let member = members.first(where: { isUp($0) && ($0 == address || peers[$0]?.state == .serving) })
            else { continue }
            let id = queries.ids.next()
            queries.plans.note(id, askedAbout: owner, ofPlanAt: index)
            send(.count(id: id, seed: seed, shardCount: shardCount), to: member)
        }
    }

    mutating func startCount(id: UInt64, _ seed: UInt64, _ shardCount: Int, for node: NodeAddress) {
        guard (1...Bounds.nodesMax).contains(shardCount),
            queries.counting.begin(id, seed, shardCount: shardCount, for: node)
        else { return }
        wantResume()
    }

    mutating func advanceCounting() {
        if let counted = queries.counting.advance(store, keys: Self.hashesPerSlice) {
            send(.counted(id: counted.id, keys: counted.counts), to: counted.node)
        }
        if !queries.counting.isEmpty { wantResume() }
    }

    mutating func receiveCounted(id: UInt64, _ keys: [Int], from: NodeAddress) {
        guard let plan = queries.plans.noteCounts(id, keys), let found = plan.search.outcome else { return }
        guard plan.epoch == layout.epoch, plan.counts.count == layout.shardCount else {
            return reply(plan.client, .refused(.changeFailed(.planUnanswered)))
        }
        let moves = plan.counts.sorted { $0.key < $1.key }.flatMap { owner, counts in
            counts.enumerated().map { ReshardProgress.Move(from: owner, to: $0.offset, planned: $0.element) }
        }
        reply(
            plan.client,
            .plan(
                ReshardPlan(
                    fromShardCount: layout.shardCount, toShardCount: plan.shardCount, seed: found.seed,
                    seedsTried: plan.search.seedsTried, seedTries: plan.search.seedTries,
                    placement: found.placement, shards: found.shards, moves: moves)))
    }

    /// Ends questions that nobody answered.
    mutating func expireQueries() {
        for id in queries.keyCounts.overdue(now) { askKeyCount(id) }
        for (client, location) in queries.locating.expired(now) { reply(client, .location(location)) }
        while let plan = queries.plans.expired(now) {
            reply(plan.client, .refused(.changeFailed(.keysNotCounted)))
        }
    }
}
