/// Broadcasting: each node is sent the new layout and, in batches, the entries of its portion that it lacks.
///
/// A batch is gathered from a member of the old shard only once every node that is to get it has room for it, so that
/// no more is in memory than is on its way.
extension Coordinator {
    private static let recordsPerBatchMax = 256
    private static let answerMilliseconds: UInt64 = 700

    mutating func beginStaging(now: Instant) {
        guard let proposal else { return }
        broadcast.staging = participants.map { node in
            let from = base.layout.shard(of: node)
            let to = proposal.shard(of: node)
            let lacks = to == nil ? [] : collate.collations.map(\.shard).filter { $0 != from }
            return NodePortion(node: node, fromShard: from, toShard: to, lacks: lacks)
        }
        for index in broadcast.streams.indices {
            let stream = broadcast.streams[index]
            let targets = broadcast.staging.indices.filter {
                broadcast.staging[$0].toShard == stream.to && broadcast.staging[$0].lacks.contains(stream.from)
            }
            broadcast.streams[index].targets = targets
            for target in targets { broadcast.staging[target].planned += stream.places.count }
            // Keys that every member of their new shard holds already need not be remembered.
            if targets.isEmpty { broadcast.streams[index].places = [] }
        }
        progress.parts = broadcast.staging.map { portion in
            var part = ReshardProgress.Part(
                node: portion.node, fromShard: portion.fromShard, toShard: portion.toShard)
            part.state = .staging
            part.planned = portion.planned
            return part
        }
        enter(.staging, .broadcast, now: now)
        updateMoves()
        advanceStaging(now: now)
    }

    /// Fills every node's window; goes on once everything is confirmed.
    mutating func advanceStaging(now: Instant) {
        for index in broadcast.staging.indices where participants.contains(broadcast.staging[index].node) {
            resend(index, now: now)
        }
        askAgain(now: now)
        fillWindows(now: now)
        let isDone =
            broadcast.streams.allSatisfy(\.isDone)
            && broadcast.staging.allSatisfy { !participants.contains($0.node) || $0.hasLayout && $0.isConfirmed }
        guard isDone else {
            if presenter.pacer.waitMicroseconds > 0, !presenter.pacer.isHeld {
                outputs.append(.resume(afterMicroseconds: presenter.pacer.waitMicroseconds))
            }
            return
        }
        for portion in broadcast.staging where step == .staging { setState(of: portion.node, .staged) }
        switch step {
        case .staging: beginChanges(now: now)
        case .changing, .finishing: advanceChanges(now: now)
        default: break
        }
    }

    /// Sends the layout first, then the batches of the streams, then later changes.
    private mutating func fillWindows(now: Instant) {
        for index in broadcast.staging.indices where participants.contains(broadcast.staging[index].node) {
            if !broadcast.staging[index].hasLayout { deliver(index, [], layout: proposal, now: now) }
            while !broadcast.staging[index].changes.isEmpty, broadcast.staging[index].hasRoom {
                let batch = takeBatch(broadcast.staging[index].changes)
                broadcast.staging[index].changes.removeFirst(batch.count)
                deliver(index, batch, layout: nil, now: now)
            }
        }
        let open = broadcast.streams.indices.filter {
            !broadcast.streams[$0].isDone && broadcast.streams[$0].question == nil
        }
        let share = presenter.pacer.allowance(now: now) / max(1, open.count)
        for index in open where broadcast.streams[index].targets.allSatisfy({ broadcast.staging[$0].hasRoom }) {
            ask(index, recordsMax: max(1, share), now: now)
        }
    }

    /// Asks for the next batch of a stream, where the pace allows it.
    private mutating func ask(_ index: Int, recordsMax: Int, now: Instant) {
        let stream = broadcast.streams[index]
        // Each key is sent as often as there are nodes that lack it.
        guard presenter.pacer.allowance(now: now) > 0 else { return }
        let limit = min(Self.recordsPerBatchMax, max(1, recordsMax / stream.targets.count))
        let slots = stream.places[stream.cursor...].prefix(limit).map(\.slot)
        presenter.pacer.spend(slots.count * stream.targets.count)
        broadcast.streams[index].question = Stream.Question(
            number: broadcast.nextGather, slots: slots, sentMicroseconds: now.monotonicMicroseconds)
        emit(.gather(operation, number: broadcast.nextGather, slots: slots), to: stream.source)
        broadcast.nextGather += 1
    }

    private mutating func askAgain(now: Instant) {
        for index in broadcast.streams.indices {
            guard let question = broadcast.streams[index].question,
                now.hasPassed(Self.answerMilliseconds, since: question.sentMicroseconds)
            else { continue }
            report.awaited = .keys(shard: broadcast.streams[index].from, source: broadcast.streams[index].source)
            broadcast.streams[index].question?.sentMicroseconds = now.monotonicMicroseconds
            emit(
                .gather(operation, number: question.number, slots: question.slots), to: broadcast.streams[index].source)
        }
    }

    mutating func receive(_ page: GatherPage, from: NodeAddress, now: Instant) {
        guard
            let index = broadcast.streams.firstIndex(where: { $0.question?.number == page.number && $0.source == from }
            ),
            let asked = broadcast.streams[index].question?.slots.count, page.taken > 0, page.taken <= asked
        else { return }
        let stream = broadcast.streams[index]
        let places = stream.places[stream.cursor..<stream.cursor + page.taken]
        let keys = places.reduce(0) { $0 + ($1.isTombstone ? 0 : 1) }
        broadcast.streams[index].question = nil
        broadcast.streams[index].cursor += page.taken
        if broadcast.streams[index].isDone { broadcast.streams[index].places = [] }
        for target in stream.targets where participants.contains(broadcast.staging[target].node) {
            deliver(target, from: stream.from, keys: keys, page.records, layout: nil, now: now)
        }
        // The slots that did not fit into the page are asked for again, and their keys are counted again then.
        presenter.pacer.spend((page.taken - asked) * stream.targets.count)
        note(progressAt: now)
        advanceStaging(now: now)
    }

    private func takeBatch(_ records: [Record]) -> [Record] {
        var batch: [Record] = []
        var weightBytes = 0
        for record in records {
            guard batch.count < Self.recordsPerBatchMax, weightBytes < batchBytesMax else { break }
            weightBytes += record.weightBytes
            batch.append(record)
        }
        return batch
    }

    private mutating func deliver(
        _ index: Int, from: Int? = nil, keys: Int = 0, _ records: [Record], layout: Layout?, now: Instant
    ) {
        let sequence = broadcast.staging[index].nextSequence
        broadcast.staging[index].nextSequence += 1
        broadcast.staging[index].outstanding.append(
            NodePortion.Batch(
                sequence: sequence, from: from, keys: keys, layout: layout, records: records,
                sentMicroseconds: now.monotonicMicroseconds))
        broadcast.staging[index].recordsSent += records.count
        updatePart(index)
        emit(
            .stage(operation, Stage(sequence: sequence, layout: layout, records: records)),
            to: broadcast.staging[index].node)
    }

    /// Sends every outstanding batch again, as it is not known which of them arrived.
    private mutating func resend(_ index: Int, now: Instant) {
        guard let first = broadcast.staging[index].outstanding.first,
            now.hasPassed(Self.answerMilliseconds, since: first.sentMicroseconds)
        else { return }
        report.awaited = .confirmation(broadcast.staging[index].node)
        for position in broadcast.staging[index].outstanding.indices {
            broadcast.staging[index].outstanding[position].sentMicroseconds = now.monotonicMicroseconds
            let batch = broadcast.staging[index].outstanding[position]
            emit(
                .stage(operation, Stage(sequence: batch.sequence, layout: batch.layout, records: batch.records)),
                to: broadcast.staging[index].node)
        }
    }

    mutating func receiveStaged(_ sequence: UInt64, from: NodeAddress, now: Instant) {
        guard let index = broadcast.staging.firstIndex(where: { $0.node == from }),
            let position = broadcast.staging[index].outstanding.firstIndex(where: { $0.sequence == sequence })
        else { return }
        let batch = broadcast.staging[index].outstanding.remove(at: position)
        broadcast.staging[index].recordsConfirmed += batch.records.count
        if let from = batch.from { broadcast.staging[index].confirmed[from, default: 0] += batch.keys }
        updatePart(index)
        updateMoves()
        note(progressAt: now)
        if step == .staging || step == .changing || step == .finishing { advanceStaging(now: now) }
    }

    private mutating func updatePart(_ index: Int) {
        progress.parts[index].planned = max(broadcast.staging[index].planned, broadcast.staging[index].recordsSent)
        progress.parts[index].sent = broadcast.staging[index].recordsSent
        progress.parts[index].confirmed = broadcast.staging[index].recordsConfirmed
    }

    /// Updates how far the keys of each pair of shards have moved: as far as for the target that is furthest behind.
    private mutating func updateMoves() {
        for index in progress.moves.indices {
            let move = progress.moves[index]
            let lacking = broadcast.staging.filter { $0.toShard == move.to && $0.lacks.contains(move.from) }
            progress.moves[index].moved =
                lacking.map { $0.confirmed[move.from] ?? 0 }.min() ?? move.planned
        }
    }
}
