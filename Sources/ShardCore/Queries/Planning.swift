/// A dry run: the layout that a reshard would give, and how many keys would move.
struct Planning: Sendable {
    let client: RequestID
    let shardCount: Int
    let epoch: UInt64
    let startedMicroseconds: UInt64
    var search: SeedSearch
    /// Keys by new shard, of each old shard that has answered.
    var counts: [Int: [Int]] = [:]
    /// Questions under way: their ids, with the old shard each is about.
    var asked: [UInt64: Int] = [:]
}

/// Counting this node's keys by the shard they would belong to, for somebody's dry run.
struct CountJob: Sendable {
    let id: UInt64
    let node: NodeAddress
    let seed: UInt64
    var counts: [Int]
    var cursor = 0
}

extension Replica {
    private static let planMilliseconds: UInt64 = 15_000
    private static let plansMax = 16
    private static let hashesPerSlice = 2_000

    mutating func startPlan(shardCount: Int, for client: RequestID) {
        guard shardCount >= 1, shardCount <= Self.nodesMax else {
            return reply(client, .refused(.badShardCount(shardCount)))
        }
        let nodes = view
        guard nodes.count >= shardCount * SeedSearch.membersMin else {
            return reply(client, .refused(.notEnoughNodes(nodes: nodes.count, shardCount: shardCount)))
        }
        guard layout.epoch > 0 else { return reply(client, .refused(.shardDown(shard: nil))) }
        guard planning.count < Self.plansMax else { return reply(client, .refused(.busy)) }
        planning.append(
            Planning(
                client: client, shardCount: shardCount, epoch: layout.epoch,
                startedMicroseconds: now.monotonicMicroseconds,
                search: SeedSearch(nodes: nodes, shardCount: shardCount, startingSeed: layout.seed)))
        wantResume()
    }

    mutating func advancePlanning() {
        for index in planning.indices where planning[index].search.outcome == nil {
            guard let found = planning[index].search.advance(hashes: Self.hashesPerSlice) else {
                wantResume()
                continue
            }
            askCounts(index, seed: found.seed)
        }
    }

    private mutating func askCounts(_ index: Int, seed: UInt64) {
        for (owner, members) in layout.shards.enumerated() {
            guard let member = members.first(where: { isUp($0) && ($0 == address || peers[$0]?.state == .serving) })
            else { continue }
            let id = newQuestion()
            planning[index].asked[id] = owner
            send(.count(id: id, seed: seed, shardCount: planning[index].shardCount), to: member)
        }
    }

    mutating func startCount(id: UInt64, _ seed: UInt64, _ shardCount: Int, for node: NodeAddress) {
        guard (1...Self.nodesMax).contains(shardCount), counting.count < 4 * Self.plansMax else { return }
        counting.append(CountJob(id: id, node: node, seed: seed, counts: Array(repeating: 0, count: shardCount)))
        wantResume()
    }

    mutating func advanceCounting() {
        guard var job = counting.first else { return }
        let end = min(store.slots.count, job.cursor + Self.hashesPerSlice)
        if job.cursor < end {
            for position in job.cursor..<end where store.isHeld(position) && !store.slots.isTombstone(at: position) {
                let key = store.slots.key(at: position)
                job.counts[ShardHash.shard(of: key, seed: job.seed, count: job.counts.count)] += 1
            }
        }
        job.cursor = end
        if end >= store.slots.count {
            counting.removeFirst()
            send(.counted(id: job.id, keys: job.counts), to: job.node)
        } else {
            counting[0] = job
        }
        if !counting.isEmpty { wantResume() }
    }

    mutating func receiveCounted(id: UInt64, _ keys: [Int], from: NodeAddress) {
        guard let index = planning.firstIndex(where: { $0.asked[id] != nil }),
            let owner = planning[index].asked.removeValue(forKey: id), keys.count == planning[index].shardCount
        else { return }
        planning[index].counts[owner] = keys
        guard planning[index].asked.isEmpty, let found = planning[index].search.outcome else { return }
        let plan = planning.remove(at: index)
        guard plan.epoch == layout.epoch, plan.counts.count == layout.shardCount else {
            return reply(plan.client, .refused(.changeFailed(reason: "a shard did not answer, or the layout changed")))
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
        expireKeyCounts()
        expireLocating()
        while let index = planning.firstIndex(where: { hasPassed(Self.planMilliseconds, since: $0.startedMicroseconds) }
        ) {
            let plan = planning.remove(at: index)
            reply(plan.client, .refused(.changeFailed(reason: "a shard did not count its keys in time")))
        }
    }
}
