/// Broadcasting: to every node the layout to come and, in batches, what it lacks of its portion.
extension Coordinator {
    private static let recordsPerBatchMax = 1_024
    private static let answerMilliseconds: UInt64 = 700

    mutating func beginStaging(now: Instant) {
        guard let proposal else { return }
        staging = participants.map { node in
            let from = base.layout.shard(of: node)
            let to = proposal.shard(of: node)
            let lacks = to == nil ? [] : collations.map(\.shard).filter { $0 != from }
            return Portion(node: node, fromShard: from, toShard: to, lacks: lacks)
        }
        progress.parts = staging.map { portion in
            var part = ReshardProgress.Part(
                node: portion.node, fromShard: portion.fromShard, toShard: portion.toShard)
            part.state = .staging
            part.planned = plannedRecords(of: portion)
            return part
        }
        enter(.staging, .broadcast, now: now)
        updateMoves()
        advanceStaging(now: now)
    }

    private func plannedRecords(of portion: Portion) -> Int {
        guard let to = portion.toShard else { return 0 }
        return portion.lacks.reduce(0) { $0 + portions[$1][to].count } + portion.changes.count
    }

    /// Fills every node's window; goes on once everything is confirmed.
    mutating func advanceStaging(now: Instant) {
        for index in staging.indices where participants.contains(staging[index].node) {
            resend(index, now: now)
        }
        fillWindows(now: now)
        let isDone = staging.allSatisfy { portion in
            !participants.contains(portion.node) || portion.outstanding.isEmpty && isSent(portion)
        }
        guard isDone else {
            if pacer.keysPerSecondMax != nil { outputs.append(.resume(afterMicroseconds: pacer.waitMicroseconds)) }
            return
        }
        for portion in staging where step == .staging { setState(of: portion.node, .staged) }
        switch step {
        case .staging: beginChanges(now: now)
        case .changing, .finishing: advanceChanges(now: now)
        default: break
        }
    }

    /// One batch for each node in turn, until all windows are full or nothing may be sent.
    private mutating func fillWindows(now: Instant) {
        var isMoving = true
        while isMoving {
            isMoving = false
            let share = max(1, pacer.allowance(now: now) / max(1, staging.count))
            for index in staging.indices
            where participants.contains(staging[index].node) && staging[index].outstanding.count < Portion.windowMax {
                if sendBatch(index, recordsMax: share, now: now) { isMoving = true }
            }
        }
    }

    private func isSent(_ portion: Portion) -> Bool {
        guard portion.hasLayout, portion.changesSent == portion.changes.count else { return false }
        guard let to = portion.toShard else { return true }
        return portion.lacks.allSatisfy { portion.cursors[$0] ?? 0 >= portions[$0][to].count }
    }

    /// Sends the next batch of a portion; false where there is none, or the pace says to wait.
    private mutating func sendBatch(_ index: Int, recordsMax: Int, now: Instant) -> Bool {
        let portion = staging[index]
        guard portion.hasLayout else {
            deliver(index, from: -1, [], layout: proposal, now: now)
            return true
        }
        if let to = portion.toShard,
            let from = portion.lacks.first(where: { portion.cursors[$0] ?? 0 < portions[$0][to].count })
        {
            let limit = min(Self.recordsPerBatchMax, recordsMax, pacer.allowance(now: now))
            guard limit > 0 else { return false }
            let start = portion.cursors[from] ?? 0
            let batch = takeBatch(portions[from][to][start...], recordsMax: limit)
            staging[index].cursors[from] = start + batch.count
            pacer.spend(batch.count)
            deliver(index, from: from, batch, layout: nil, now: now)
            return true
        }
        guard portion.changesSent < portion.changes.count else { return false }
        let batch = takeBatch(
            portion.changes[portion.changesSent...].map(\.record)[...], recordsMax: Self.recordsPerBatchMax)
        staging[index].changesSent += batch.count
        deliver(index, from: -1, batch, layout: nil, now: now)
        return true
    }

    private func takeBatch(_ records: ArraySlice<Record>, recordsMax: Int) -> [Record] {
        var batch: [Record] = []
        var weightBytes = 0
        for record in records {
            guard batch.count < recordsMax, weightBytes < batchBytesMax else { break }
            weightBytes += record.weightBytes
            batch.append(record)
        }
        return batch
    }

    private mutating func deliver(
        _ index: Int, from: Int, _ records: [Record], layout: Layout?, now: Instant
    ) {
        let sequence = staging[index].nextSequence
        staging[index].nextSequence += 1
        let keys = records.reduce(0) { $0 + ($1.entry.isTombstone ? 0 : 1) }
        staging[index].outstanding.append(
            Portion.Batch(
                sequence: sequence, from: from, keys: keys, layout: layout, records: records,
                sentMicroseconds: now.monotonicMicroseconds))
        staging[index].recordsSent += records.count
        updatePart(index)
        emit(
            .stage(operation, Stage(sequence: sequence, layout: layout, records: records)), to: staging[index].node)
    }

    /// The receiver takes batches in order only, so everything outstanding goes again.
    private mutating func resend(_ index: Int, now: Instant) {
        guard let first = staging[index].outstanding.first,
            now.monotonicMicroseconds >= first.sentMicroseconds + Self.answerMilliseconds * 1_000
        else { return }
        progress.waitingFor = "\(staging[index].node) to confirm its portion"
        for position in staging[index].outstanding.indices {
            staging[index].outstanding[position].sentMicroseconds = now.monotonicMicroseconds
            let batch = staging[index].outstanding[position]
            emit(
                .stage(operation, Stage(sequence: batch.sequence, layout: batch.layout, records: batch.records)),
                to: staging[index].node)
        }
    }

    mutating func receiveStaged(_ sequence: UInt64, from: NodeAddress, now: Instant) {
        guard let index = staging.firstIndex(where: { $0.node == from }),
            let position = staging[index].outstanding.firstIndex(where: { $0.sequence == sequence })
        else { return }
        let batch = staging[index].outstanding.remove(at: position)
        staging[index].recordsConfirmed += batch.records.count
        if batch.from >= 0 { staging[index].confirmed[batch.from, default: 0] += batch.keys }
        updatePart(index)
        updateMoves()
        note(progressAt: now)
        if step == .staging || step == .changing || step == .finishing { advanceStaging(now: now) }
    }

    private mutating func updatePart(_ index: Int) {
        progress.parts[index].planned = max(plannedRecords(of: staging[index]), staging[index].recordsSent)
        progress.parts[index].sent = staging[index].recordsSent
        progress.parts[index].confirmed = staging[index].recordsConfirmed
    }

    /// A pair's keys have moved as far as they have for the node that is furthest behind.
    private mutating func updateMoves() {
        for index in progress.moves.indices {
            let move = progress.moves[index]
            let lacking = staging.filter { $0.toShard == move.to && $0.lacks.contains(move.from) }
            progress.moves[index].moved =
                lacking.map { $0.confirmed[move.from] ?? 0 }.min() ?? move.planned
        }
    }
}
