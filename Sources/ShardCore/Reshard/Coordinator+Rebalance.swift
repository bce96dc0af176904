/// Rebalancing: nodes into a new members list, then keys into portions, both in slices.
extension Coordinator {
    private static let hashesPerSlice = 2_000
    private static let recordsPerSlice = 2_000

    mutating func beginSeek(now: Instant) {
        enter(.seeking, .rebalance, now: now)
        if let edited = goal.edited(base.layout) {
            proposal = edited
            return beginPartition(now: now)
        }
        guard case .reshard(let count) = goal else { return }
        search = SeedSearch(nodes: participants, shardCount: count, startingSeed: base.layout.seed)
        outputs.append(.resume(afterMicroseconds: 0))
    }

    mutating func advanceSeek(now: Instant) {
        guard var running = search else { return }
        let found = running.advance(hashes: Self.hashesPerSlice)
        search = running
        progress.seedsTried = running.seedsTried
        progress.seedTries = running.seedTries
        note(progressAt: now)
        guard let found else { return outputs.append(.resume(afterMicroseconds: 0)) }
        progress.seed = found.seed
        progress.placement = found.placement
        var shards = found.shards
        if plantedBug == .nodeInTwoShards, shards.count > 1 { shards[0].append(shards[1][0]) }
        proposal = Layout(epoch: operation.epoch, seed: found.seed, placement: found.placement, shards: shards)
        beginPartition(now: now)
    }

    private mutating func beginPartition(now: Instant) {
        guard let proposal else { return }
        progress.seed = proposal.seed
        progress.placement = proposal.placement
        let empty: [[Record]] = Array(repeating: [], count: proposal.shardCount)
        portions = Array(repeating: empty, count: base.layout.shardCount)
        progress.moves = collations.flatMap { collation in
            proposal.shards.indices.map { .init(from: collation.shard, to: $0) }
        }
        step = .partitioning
        pacer.restart(now: now)
        outputs.append(.resume(afterMicroseconds: 0))
    }

    mutating func advancePartition(now: Instant) {
        guard let proposal else { return }
        var budget = min(Self.recordsPerSlice, pacer.allowance(now: now))
        pacer.spend(budget)
        while budget > 0, partitioned.shard < collations.count {
            let collation = collations[partitioned.shard]
            guard partitioned.record < collation.records.count else {
                // The portions hold the records now.
                collations[partitioned.shard].records = []
                partitioned = (partitioned.shard + 1, 0)
                continue
            }
            let record = collation.records[partitioned.record]
            let owner = proposal.shard(ofKey: record.key)
            portions[collation.shard][owner].append(record)
            if !record.entry.isTombstone {
                progress.keysRebalanced += 1
                progress.moves[partitioned.shard * proposal.shardCount + owner].planned += 1
            }
            partitioned.record += 1
            budget -= 1
        }
        note(progressAt: now)
        if partitioned.shard >= collations.count { return beginStaging(now: now) }
        outputs.append(.resume(afterMicroseconds: pacer.waitMicroseconds))
    }
}
