/// The switch: pass on what changed since the collate, freeze writes, pass on the rest, decide, tell everyone.
extension Coordinator {
    mutating func beginChanges(now: Instant) {
        if collate.collations.isEmpty { return beginFreeze(now: now) }
        clock.enter(.changing, now)
        askChanges(now: now)
    }

    mutating func askChanges(now: Instant) {
        broadcast.changeRounds += 1
        broadcast.changeRound += 1
        for index in collate.collations.indices {
            collate.collations[index].isRoundComplete = false
            collate.collations[index].roundRecords = 0
            askChange(index, now: now)
        }
    }

    private mutating func askChange(_ index: Int, now: Instant) {
        collate.collations[index].askedMicroseconds = now.monotonicMicroseconds
        let target =
            step == .finishing ? broadcast.targets[collate.collations[index].shard] ?? VersionVector() : VersionVector()
        emit(
            .change(
                operation, round: broadcast.changeRound, cursor: collate.collations[index].changeCursor, target: target),
            to: collate.collations[index].source)
    }

    mutating func receive(_ page: ChangePage, from: NodeAddress, now: Instant) {
        guard step == .changing || step == .finishing, let proposal,
            let index = collate.collations.firstIndex(where: { $0.source == from }),
            page.round == broadcast.changeRound || plantedBug == .lateChangesCount,
            !collate.collations[index].isRoundComplete, collate.collations[index].changeCursor == page.cursor
        else { return }
        let shard = collate.collations[index].shard
        for record in page.records where plantedBug != .changesAreNotPassedOn {
            let owner = proposal.shard(ofKey: record.key)
            for position in broadcast.staging.indices
            where broadcast.staging[position].toShard == owner && broadcast.staging[position].lacks.contains(shard) {
                broadcast.staging[position].changes.append(record)
                broadcast.staging[position].planned += 1
            }
        }
        collate.collations[index].changeCursor = page.next
        collate.collations[index].roundRecords += page.records.count
        collate.collations[index].isRoundComplete = page.isComplete
        note(progressAt: now)
        collate.collations[index].askedMicroseconds = nil
        advanceStaging(now: now)
    }

    mutating func advanceChanges(now: Instant) {
        let areSent = broadcast.staging.allSatisfy { !participants.contains($0.node) || $0.changes.isEmpty }
        for index in collate.collations.indices where !collate.collations[index].isRoundComplete {
            if let asked = collate.collations[index].askedMicroseconds {
                if now.hasPassed(Self.resendMilliseconds, since: asked) { askChange(index, now: now) }
            } else if areSent {
                // No more is read than can be passed on.
                askChange(index, now: now)
            }
        }
        let isConfirmed = broadcast.staging.allSatisfy { !participants.contains($0.node) || $0.isConfirmed }
        guard collate.collations.allSatisfy(\.isRoundComplete), isConfirmed else {
            if step == .finishing, hasPassed(Self.freezeMilliseconds, now: now) {
                end(.again(.lastChangesLate), now: now)
            } else if !isConfirmed {
                sendChanges(now: now)
            }
            return
        }
        if step == .finishing { return beginAccept(now: now) }
        let changes = collate.collations.reduce(0) { $0 + $1.roundRecords }
        if changes <= Self.changesSmall || broadcast.changeRounds >= Self.changeRoundsMax {
            return beginFreeze(now: now)
        }
        askChanges(now: now)
    }

    private mutating func sendChanges(now: Instant) {
        let hasRoom = broadcast.staging.contains {
            participants.contains($0.node) && !$0.changes.isEmpty && $0.hasRoom
        }
        let isLate = broadcast.staging.contains {
            ($0.outstanding.first?.sentMicroseconds ?? .max) < now.monotonicMicroseconds &- 700_000
        }
        if hasRoom || isLate { advanceStaging(now: now) }
    }

    private mutating func beginFreeze(now: Instant) {
        guard mayFreeze() else { return }
        broadcast.frozen = [:]
        enter(.freezing, .freeze, now: now)
        for node in participants { emit(.freeze(operation), to: node) }
    }

    mutating func receiveFrozen(_ vector: VersionVector, from: NodeAddress, now: Instant) {
        guard step == .freezing || step == .finishing else { return }
        broadcast.frozen[from, default: VersionVector()].merge(vector)
        if step == .freezing {
            setState(of: from, .frozen)
            advanceFreeze(now: now)
        }
    }

    /// Goes on once every participant is frozen and covers what any member of its shard covers.
    mutating func advanceFreeze(now: Instant) {
        if hasPassed(Self.freezeMilliseconds, now: now) {
            let silent = participants.first { broadcast.frozen[$0] == nil }
            return end(.again(silent.map(ChangeFailure.didNotFreeze) ?? .didNotBecomeEqual), now: now)
        }
        if shouldResend(now: now) {
            for node in participants { emit(.freeze(operation), to: node) }
        }
        guard participants.allSatisfy({ broadcast.frozen[$0] != nil }) else { return }
        var joined: [Int: VersionVector] = [:]
        for (shard, members) in base.layout.shards.enumerated() {
            joined[shard] = members.reduce(VersionVector()) { $0.merging(broadcast.frozen[$1] ?? VersionVector()) }
        }
        let areEqual = participants.allSatisfy { node in
            guard let shard = base.layout.shard(of: node), let target = joined[shard] else { return true }
            return broadcast.frozen[node]?.covers(target) ?? false
        }
        guard areEqual else { return }
        broadcast.targets = joined
        clock.enter(.finishing, now)
        askChanges(now: now)
        if collate.collations.isEmpty { beginAccept(now: now) }
    }

    private mutating func beginAccept(now: Instant) {
        guard let proposal else { return }
        let baseline = broadcast.targets.sorted { $0.key < $1.key }.reduce(base.baseline) { $0.merging($1.value) }
        round.decision = EpochRecord(
            layout: proposal, baseline: baseline, operation: operation,
            starts: CrashVector(proposal.members.map { parties.starts[$0] ?? 0 }))
        progress.isAbortable = false
        if isForced { return beginCommit(now: now) }
        enter(.accepting, .freeze, now: now)
        sendAccept()
    }

    mutating func sendAccept() {
        guard let decision else { return }
        let voters = Set(base.layout.members)
        for node in participants
        where !round.accepted.contains(node) || voters.contains(node) && !round.proposer.acceptances.counts(node) {
            emit(.accept(operation, ballot: ballot, decision), to: node)
        }
    }

    /// Decided by a majority of the old layout's members; the other participants get a moment, so that they know
    /// that all their data is there.
    mutating func advanceAccept(now: Instant) {
        guard decision != nil else { return }
        let isComplete = participants.allSatisfy(round.accepted.contains)
        guard round.proposer.isDecided, isComplete || hasPassed(300, now: now) else {
            if shouldResend(now: now) { sendAccept() }
            // Those that accepted finish the round themselves once they hear no more of this coordinator.
            if hasPassed(Self.acceptMilliseconds, now: now) {
                end(.again(.tooFewAccepted), now: now)
            }
            return
        }
        beginCommit(now: now)
    }

    private mutating func beginCommit(now: Instant) {
        guard let decision else { return }
        enter(.committing, .freeze, now: now)
        for node in Set(parties.audience).union(participants).sorted() { emit(.commit(decision), to: node) }
    }

    mutating func advanceCommit(now: Instant) {
        guard let decision else { return }
        let silent = participants.filter { !round.committed.contains($0) }
        if silent.isEmpty || hasPassed(Self.commitMilliseconds, now: now) {
            return end(isForeignDecision ? .again(.earlierFirst) : .success, now: now)
        }
        if shouldResend(now: now) {
            report.awaited = .layoutSwitch(silent[0])
            for node in silent { emit(.commit(decision), to: node) }
        }
    }
}
