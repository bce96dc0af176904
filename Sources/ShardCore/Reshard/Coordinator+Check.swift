/// Checking: who takes part, and is it possible?
extension Coordinator {
    mutating func advanceCheck(now: Instant) {
        guard step == .checking else { return }
        if let refusal = infeasibility() { return end(.refused(refusal), now: now) }
        let silent = participants.filter { !round.promised.contains($0) }
        guard silent.isEmpty else {
            if shouldResend(now: now) {
                for node in silent { emit(.prepare(operation, ballot: ballot), to: node) }
                report.awaited = .promises(silent)
            }
            if hasPassed(Self.checkMilliseconds, now: now) {
                end(.refused(.changeFailed(.noPromise(silent[0]))), now: now)
            }
            return
        }
        if isForced { return beginCollate(now: now) }
        guard round.proposer.mayPropose else { return awaitVotes(now: now) }
        if isForeignDecision {
            // Somebody's proposal was accepted before: it may be decided, so it goes first.
            enter(.accepting, .freeze, now: now)
            progress.isAbortable = false
            return sendAccept()
        }
        beginCollate(now: now)
    }

    /// Everybody who is up has answered, and those that have a vote are too few. Who started without its votes may
    /// get them back in a moment.
    private mutating func awaitVotes(now: Instant) {
        let voters = base.layout.members
        let without = voters.filter { participants.contains($0) && !round.proposer.promises.counts($0) }
        guard (round.proposer.promises.votes + without.count) * 2 > voters.count,
            !hasPassed(Self.checkMilliseconds, now: now)
        else {
            return end(.refused(.noMajority(reached: round.proposer.promises.votes, members: voters.count)), now: now)
        }
        guard shouldResend(now: now) else { return }
        for node in without { emit(.prepare(operation, ballot: ballot), to: node) }
        report.awaited = .votes(without)
    }

    private func infeasibility() -> Refusal? {
        if case .reshard(let count) = goal, participants.count < count * SeedSearch.membersMin {
            return .notEnoughNodes(nodes: participants.count, shardCount: count)
        }
        for (shard, members) in base.layout.shards.enumerated() {
            guard members.contains(where: participants.contains) else { return .shardDown(shard: shard) }
            if case .removeMember(let node) = goal,
                !members.contains(where: { $0 != node && participants.contains($0) })
            {
                return .lastMember(node, shard: shard)
            }
        }
        return nil
    }
}

/// Collating: the keys of the whole store, from one live member of each shard.
extension Coordinator {
    static let recordsPerPageMax = 1_024

    mutating func beginCollate(now: Instant) {
        collate.collations = goal.collatedShards(of: base.layout).compactMap { shard in
            base.layout.shards[shard].first(where: participants.contains).map { Collation(shard: shard, source: $0) }
        }
        progress.collated = collate.collations.map { .init(shard: $0.shard, source: $0.source) }
        enter(.collating, .collate, now: now)
        advanceCollate(now: now)
    }

    mutating func advanceCollate(now: Instant) {
        let open = collate.collations.indices.filter {
            !collate.collations[$0].isComplete && isDue(collate.collations[$0], now: now)
        }
        // Under a limit every shard gets its share of what may be read now, and one key at the least: what is taken
        // too early is paid for later.
        let allowance = presenter.pacer.allowance(now: now)
        let share = allowance > 0 ? max(1, allowance / max(1, open.count)) : 0
        for index in open where share > 0 {
            if collate.collations[index].askedMicroseconds != nil {
                report.awaited = .keys(shard: collate.collations[index].shard, source: collate.collations[index].source)
            }
            collate.collations[index].askedMicroseconds = now.monotonicMicroseconds
            emit(
                .collate(
                    operation, cursor: collate.collations[index].cursor, keysMax: min(Self.recordsPerPageMax, share)),
                to: collate.collations[index].source)
        }
        if collate.collations.allSatisfy(\.isComplete) { return beginSeek(now: now) }
        if presenter.pacer.waitMicroseconds > 0, !presenter.pacer.isHeld {
            outputs.append(.resume(afterMicroseconds: presenter.pacer.waitMicroseconds))
        }
    }

    /// Nothing was asked of its source, or nothing came for a second.
    private func isDue(_ collation: Collation, now: Instant) -> Bool {
        guard let asked = collation.askedMicroseconds else { return true }
        return now.hasPassed(1_000, since: asked)
    }

    mutating func receive(_ page: CollatePage, from: NodeAddress, now: Instant) {
        guard step == .collating,
            let index = collate.collations.firstIndex(where: { $0.source == from && !$0.isComplete }),
            collate.collations[index].cursor == page.cursor
        else { return }
        collate.collations[index].askedMicroseconds = nil
        if let next = page.next {
            collate.collations[index].cursor = next
        } else {
            collate.collations[index].isComplete = true
        }
        presenter.pacer.spend(page.keys.count)
        for key in page.keys {
            collate.collations[index].index.append(key)
            if let valueBytes = key.valueBytes {
                progress.collated[index].keys += 1
                progress.collated[index].bytes += key.key.utf8.count + valueBytes
            }
        }
        // Keys may have come since the page before; what was read is never more than the total.
        progress.collated[index].keysTotal = max(page.keysTotal, progress.collated[index].keys)
        note(progressAt: now)
        advanceCollate(now: now)
    }
}
