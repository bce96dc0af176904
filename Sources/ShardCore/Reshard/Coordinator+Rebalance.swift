/// Rebalancing: nodes into a new members list, then keys into portions, both in slices.
extension Coordinator {
    private static let hashesPerSlice = 2_000
    private static let keysPerSlice = 1_000

    mutating func beginSeek(now: Instant) {
        enter(.seeking, .rebalance, now: now)
        if let edited = goal.edited(base.layout) {
            collate.proposal = edited
            return beginPartition(now: now)
        }
        guard case .reshard(let count) = goal else { return }
        collate.search = SeedSearch(nodes: participants, shardCount: count, startingSeed: base.layout.seed)
        outputs.append(.resume(afterMicroseconds: 0))
    }

    mutating func advanceSeek(now: Instant) {
        guard var running = collate.search, !presenter.pacer.isHeld else { return }
        let found = running.advance(hashes: Self.hashesPerSlice)
        collate.search = running
        progress.seedsTried = running.seedsTried
        progress.seedTries = running.seedTries
        note(progressAt: now)
        guard let found else { return outputs.append(.resume(afterMicroseconds: 0)) }
        progress.seed = found.seed
        progress.placement = found.placement
        var shards = found.shards
        if plantedBug == .nodeInTwoShards, shards.count > 1 { shards[0].append(shards[1][0]) }
        collate.proposal = Layout(epoch: operation.epoch, seed: found.seed, placement: found.placement, shards: shards)
        beginPartition(now: now)
    }

    private mutating func beginPartition(now: Instant) {
        guard let proposal else { return }
        progress.seed = proposal.seed
        progress.placement = proposal.placement
        broadcast.streams = collate.collations.flatMap { collation in
            proposal.shards.indices.map { Stream(from: collation.shard, to: $0, source: collation.source) }
        }
        progress.moves = collate.collations.flatMap { collation in
            proposal.shards.indices.map { .init(from: collation.shard, to: $0) }
        }
        clock.goOn(with: .partitioning)
        presenter.pacer.restart(now: now)
        outputs.append(.resume(afterMicroseconds: 0))
    }

    mutating func advancePartition(now: Instant) {
        guard let proposal else { return }
        if presenter.pacer.isHeld { return }
        var budget = min(Self.keysPerSlice, presenter.pacer.allowance(now: now))
        presenter.pacer.spend(budget)
        while budget > 0, collate.partitioned < collate.collations.count {
            guard let (key, place) = collate.collations[collate.partitioned].index.next() else {
                // The streams hold the places now.
                collate.collations[collate.partitioned].index = KeyIndex()
                collate.partitioned += 1
                continue
            }
            // Streams and moves are in the same order.
            let index = collate.partitioned * proposal.shardCount + proposal.shard(ofKey: key)
            broadcast.streams[index].places.append(place)
            if !place.isTombstone {
                progress.keysRebalanced += 1
                progress.moves[index].planned += 1
            }
            budget -= 1
        }
        note(progressAt: now)
        if collate.partitioned >= collate.collations.count { return beginStaging(now: now) }
        outputs.append(.resume(afterMicroseconds: presenter.pacer.waitMicroseconds))
    }
}
