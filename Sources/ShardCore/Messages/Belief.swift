/// The knowledge of a node that a message must agree with to be believed.
///
/// A lie within these bounds does no more harm than its sender could do anyway. One beyond them would outlast its
/// sender, as numbers of layouts, rounds and writes only grow. Each bound is further ahead than an honest node can be,
/// even if it was away for months or its clock is wrong by years. A message is believed as a whole or not at all.
///
/// Contexts in forwarded requests are a client's word and not the sender's; see `Replica/Requests/Confirming.swift`.
struct Belief {
    let address: NodeAddress
    /// The epoch in force; 0 for a node that has none yet, which believes any.
    let epoch: UInt64
    /// The next round of the vote.
    let round: UInt64
    /// This start of this node in this epoch, and the number of writes that it has made.
    let ownOrigin: Origin
    let ownCount: UInt64
    /// The heartbeats that it has sent.
    let heartbeats: UInt64
    /// The latest start that is known of the sender.
    let senderStart: UInt64?
    /// The latest time that any clock here shows: the hybrid clock, the wall clock, or the estimate.
    var latestMicroseconds: UInt64

    /// More changes of the layout than take place while a node is away: one a minute for two years.
    static let changesAheadMax: UInt64 = 1 << 20
    static let forcedAheadMax: UInt64 = 32
    /// All members of the largest cluster outbid one another for a month.
    static let roundsAheadMax: UInt64 = 1 << 32
    /// In milliseconds times 2^16: 139 years, as a start may have been numbered by a clock that stood at 1970.
    static let startsAheadMax: UInt64 = 1 << 58
    /// Ten years: the latest clock may be wrong by as much.
    static let aheadMicrosecondsMax: UInt64 = 10 * 366 * 86_400_000_000

    /// The first thing in `envelope` that cannot be true; nil if there is none.
    func objection(to envelope: Envelope) -> Disbelief? {
        if !mayBe(epoch: envelope.epoch) { return .epoch }
        if !mayBe(start: envelope.incarnation, after: max(senderStart ?? 0, ownOrigin.incarnation)) { return .start }
        if !mayBe(timestamp: envelope.timestamp) { return .timestamp }
        return objection(to: envelope.message, in: envelope)
    }

    private func objection(to message: Message, in envelope: Envelope) -> Disbelief? {
        let (from, epoch) = (envelope.from, envelope.epoch)
        switch message {
        case .leaving, .otherCluster, .epochWanted, .probe, .handedOn, .votesWanted: return nil
        case .heartbeat(let heartbeat): return objection(to: heartbeat, in: epoch)
        case .laterStart(let start, _):
            return mayBe(start: start, after: ownOrigin.incarnation) ? nil : .start
        case .epoch(let record), .commit(let record): return objection(to: record)
        case .replicate(let batch):
            guard batch.origin.node == from, batch.origin.epoch == epoch else { return .sender }
            guard batch.after < batch.upTo, batch.upTo <= Bounds.countMax,
                UInt64(batch.records.count) <= batch.upTo - batch.after
            else { return .count }
            return objection(to: batch.requires, since: epoch, upTo: epoch) ?? objection(to: batch.records, upTo: epoch)
        case .replicated(let vector), .frozen(_, let vector):
            return objection(to: vector, since: epoch, upTo: epoch) ?? objection(toOperationOf: message)
        case .fetch(let fetch):
            if fetch.cursor > Bounds.countMax { return .count }
            return fetch.have.flatMap { objection(to: $0, since: epoch, upTo: epoch) }
        case .fetched(let page):
            if page.cursor > Bounds.countMax || page.next ?? 0 > Bounds.countMax { return .count }
            return objection(to: page.vector, since: epoch, upTo: epoch) ?? objection(to: page.records, upTo: epoch)
        case .handOn(_, let records): return objection(to: records, upTo: epoch)
        case .baselineExtended(let vector): return objection(to: vector, since: 0, upTo: epoch)
        case .forward(let forward): return mayBe(timestamp: forward.timestamp) ? nil : .timestamp
        case .forwarded(_, .refused(.outdated(let later))): return mayBe(timestamp: later) ? nil : .timestamp
        case .forwarded: return nil
        case .probed(_, let version, _): return version.flatMap { objection(to: $0, upTo: epoch) }
        case .count(_, _, let shardCount): return (1...Bounds.nodesMax).contains(shardCount) ? nil : .layout
        case .counted(_, let keys):
            return keys.count <= Bounds.nodesMax && keys.allSatisfy(mayBe(count:)) ? nil : .count
        case .votes(let report): return objection(to: report, in: epoch)
        case .committed(let decided, let pause):
            return !mayBe(epoch: decided) ? .epoch : pause <= Bounds.countMax ? nil : .count
        case .prepare, .recover, .promised, .busy, .collate, .collated, .gather, .gathered, .stage, .staged, .freeze,
            .change, .changed, .accept, .accepted, .abort, .close, .lease:
            return objection(toOperationOf: message) ?? objection(toChange: message, in: envelope)
        }
    }

    private func objection(to heartbeat: Heartbeat, in epoch: UInt64) -> Disbelief? {
        guard heartbeat.count <= Bounds.countMax else { return .count }
        guard heartbeat.wallMicroseconds <= Bounds.wallMicrosecondsMax else { return .timestamp }
        if let heard = heartbeat.heard, heard.incarnation == ownOrigin.incarnation, heard.count > heartbeats {
            return .count
        }
        guard heartbeat.nodes.count <= Bounds.nodesMax + 1 else { return .layout }
        for node in heartbeat.nodes {
            guard mayBe(timestamp: node.decidedAt) else { return .timestamp }
            guard node.incarnation < Bounds.incarnationMax else { return .start }
        }
        return objection(to: heartbeat.vector, since: epoch, upTo: epoch)
            ?? heartbeat.handedOn.flatMap { objection(to: $0, since: 0, upTo: epoch) }
    }

    private func objection(toOperationOf message: Message) -> Disbelief? {
        guard let operation = message.operation else { return nil }
        guard mayBe(epoch: operation.epoch) else { return .epoch }
        guard operation.attempt <= Bounds.countMax else { return .count }
        return operation.incarnation < Bounds.incarnationMax ? nil : .start
    }

    private func objection(toChange message: Message, in envelope: Envelope) -> Disbelief? {
        let (from, epoch) = (envelope.from, envelope.epoch)
        switch message {
        case .prepare(let operation, let ballot):
            return operation.coordinator == from ? objection(to: ballot, of: from) : .sender
        case .recover(_, let ballot), .close(_, let ballot): return objection(to: ballot, of: from)
        case .promised(let operation, let ballot, let accepted, let starts):
            return objection(to: ballot, of: nil) ?? objection(to: starts)
                ?? accepted.flatMap { objection(to: $0, in: operation.epoch) }
        case .busy(_, let ballot, let other):
            return objection(to: ballot, of: nil) ?? (mayBe(epoch: other.epoch) ? nil : .epoch)
        case .accepted(_, let ballot, let starts): return objection(to: ballot, of: nil) ?? objection(to: starts)
        case .accept(let operation, let ballot, let record):
            guard record.layout.epoch == operation.epoch else { return .epoch }
            return objection(to: ballot, of: from) ?? objection(to: record)
        case .collate(let operation, let cursor, let keysMax):
            guard operation.coordinator == from else { return .sender }
            return cursor <= Bounds.countMax && mayBe(count: keysMax) ? nil : .count
        case .gather(let operation, let number, _):
            return operation.coordinator == from ? number <= Bounds.countMax ? nil : .count : .sender
        case .freeze(let operation): return operation.coordinator == from ? nil : .sender
        case .change(let operation, let round, let cursor, let target):
            guard operation.coordinator == from else { return .sender }
            guard round <= Bounds.countMax, cursor <= Bounds.countMax else { return .count }
            return objection(to: target, since: 0, upTo: epoch)
        case .stage(let operation, let batch):
            guard operation.coordinator == from else { return .sender }
            guard batch.sequence <= Bounds.countMax else { return .count }
            if let layout = batch.layout {
                guard layout.epoch == operation.epoch else { return .epoch }
                guard layout.isWellFormed else { return .layout }
            }
            return objection(to: batch.records, upTo: epoch)
        case .collated(_, let page):
            let areCounts =
                page.cursor <= Bounds.countMax && page.next ?? 0 <= Bounds.countMax && mayBe(count: page.keysTotal)
                && page.keys.allSatisfy { mayBe(bytes: $0.valueBytes ?? 0) && $0.slot <= SlotKey.slotMax }
            return areCounts ? nil : .count
        case .gathered(_, let page):
            guard page.number <= Bounds.countMax, mayBe(count: page.taken) else { return .count }
            return objection(to: page.records, upTo: epoch)
        case .changed(_, let page):
            guard page.round <= Bounds.countMax, page.cursor <= Bounds.countMax, page.next <= Bounds.countMax else {
                return .count
            }
            return objection(to: page.records, upTo: epoch)
        case .staged(_, let sequence): return sequence <= Bounds.countMax ? nil : .count
        // The parts of these that do not belong to a change were checked before, such as the vector in `frozen`.
        case .abort, .lease, .frozen, .heartbeat, .leaving, .otherCluster, .laterStart, .epochWanted, .epoch,
            .replicate, .replicated, .fetch, .fetched, .handOn, .handedOn, .baselineExtended, .forward, .forwarded,
            .probe, .probed, .count, .counted, .votesWanted, .votes, .commit, .committed:
            return nil
        }
    }

    // MARK: Parts of messages

    private func objection(to report: VoteReport, in epoch: UInt64) -> Disbelief? {
        if let objection = objection(to: report.voter.crashVector) ?? objection(to: report.voter.founding) {
            return objection
        }
        if let promised = report.promised, let objection = objection(to: promised, of: nil) { return objection }
        guard let accepted = report.accepted else { return nil }
        // Nobody accepts what it has not promised to.
        guard let promised = report.promised, promised >= accepted.ballot else { return .round }
        return objection(to: accepted, in: epoch &+ 1)
    }

    private func objection(to accepted: Accepted, in epoch: UInt64) -> Disbelief? {
        guard accepted.record.layout.epoch == epoch else { return .epoch }
        return objection(to: accepted.ballot, of: nil) ?? objection(to: accepted.record)
    }

    /// - Parameter sender: the node whose ballot it must be; nil if it may be anybody's.
    private func objection(to ballot: Ballot, of sender: NodeAddress?) -> Disbelief? {
        if let sender, ballot.node != sender { return .sender }
        guard ballot.incarnation < Bounds.incarnationMax else { return .start }
        return ballot.round <= Bounds.countMax && ballot.round <= round + Self.roundsAheadMax ? nil : .round
    }

    private func objection(to starts: CrashVector) -> Disbelief? {
        guard starts.starts.count <= Bounds.nodesMax else { return .layout }
        return starts.starts.allSatisfy { $0 < Bounds.incarnationMax } ? nil : .start
    }

    private func objection(to record: EpochRecord) -> Disbelief? {
        let layout = record.layout
        guard mayBe(epoch: layout.epoch) else { return .epoch }
        // A node without a layout says so when it is asked.
        if layout.epoch == 0 { return layout.shards.isEmpty ? nil : .layout }
        guard layout.isWellFormed else { return .layout }
        if let operation = record.operation, operation.epoch != layout.epoch { return .epoch }
        guard record.starts.isEmpty || record.starts.starts.count == layout.members.count else { return .layout }
        return objection(to: record.starts) ?? objection(to: record.baseline, since: 0, upTo: layout.epoch)
    }

    private func objection(to records: [Record], upTo epoch: UInt64) -> Disbelief? {
        for record in records {
            let entry = record.entry
            if let objection = objection(to: entry.version, upTo: epoch)
                ?? objection(to: entry.dependencies, since: 0, upTo: epoch)
            {
                return objection
            }
        }
        return nil
    }

    private func objection(to version: Version, upTo epoch: UInt64) -> Disbelief? {
        guard mayBe(timestamp: version.timestamp) else { return .timestamp }
        return objection(to: version.dot.origin, version.dot.counter, since: 0, upTo: epoch)
    }

    private func objection(to vector: VersionVector, since first: UInt64, upTo last: UInt64) -> Disbelief? {
        for element in vector.elements {
            if let objection = objection(to: element.origin, element.counter, since: first, upTo: last) {
                return objection
            }
        }
        return nil
    }

    /// - Parameters:
    ///   - first: the first epoch whose writes have a place here.
    ///   - last: the epoch that the sender is in: it knows of no later writes.
    private func objection(
        to origin: Origin, _ counter: UInt64, since first: UInt64, upTo last: UInt64
    ) -> Disbelief? {
        guard origin.epoch >= first, origin.epoch <= last else { return .epoch }
        guard origin.incarnation < Bounds.incarnationMax else { return .start }
        guard counter <= Bounds.countMax else { return .count }
        // Nobody knows more of this node's writes than it has made.
        return counter > ownCount && origin == ownOrigin ? .count : nil
    }

    private func mayBe(epoch other: UInt64) -> Bool {
        if other <= epoch { return true }
        guard other <= Bounds.epochMax else { return false }
        guard epoch > 0 else { return true }
        return EpochNumber.forced(other) <= EpochNumber.forced(epoch) + Self.forcedAheadMax
            && EpochNumber.changes(other) <= EpochNumber.changes(epoch) + Self.changesAheadMax
    }

    private func mayBe(start: UInt64, after known: UInt64) -> Bool {
        start < Bounds.incarnationMax && start <= known.saturating(adding: Self.startsAheadMax)
    }

    private func mayBe(timestamp: UInt64) -> Bool {
        timestamp >> 12 <= latestMicroseconds.saturating(adding: Self.aheadMicrosecondsMax)
            && timestamp <= Bounds.timestampMax
    }

    private func mayBe(count: Int) -> Bool { count >= 0 && UInt64(count) <= Bounds.countMax }

    /// Whether this can be a value's length: far above what a frame takes, and so small that sums of it do not
    /// overflow.
    private func mayBe(bytes: Int) -> Bool { (0...1 << 32).contains(bytes) }
}

/// The reason why a message is not believed.
public enum Disbelief: String, Hashable, Sendable, CaseIterable {
    case epoch, round, count, start, timestamp, layout
    /// Only another node may say it.
    case sender
}

extension Layout {
    /// True if every shard has members and no node is in two, in numbers that a cluster may have.
    var isWellFormed: Bool {
        guard (1...Bounds.nodesMax).contains(shardCount), hasMembers else { return false }
        let members = shards.reduce(0) { $0 + $1.count }
        return members <= Bounds.nodesMax && Set(shards.joined()).count == members
    }
}

extension Message {
    /// The change of the layout that the message is about.
    var operation: OperationID? {
        switch self {
        case .prepare(let operation, _), .recover(let operation, _), .promised(let operation, _, _, _),
            .busy(let operation, _, _), .collate(let operation, _, _), .collated(let operation, _),
            .gather(let operation, _, _), .gathered(let operation, _), .stage(let operation, _),
            .staged(let operation, _), .freeze(let operation), .frozen(let operation, _),
            .change(let operation, _, _, _), .changed(let operation, _), .accept(let operation, _, _),
            .accepted(let operation, _, _), .abort(let operation), .close(let operation, _), .lease(let operation, _):
            operation
        case .heartbeat, .leaving, .otherCluster, .laterStart, .epochWanted, .epoch, .replicate, .replicated, .fetch,
            .fetched, .handOn, .handedOn, .baselineExtended, .forward, .forwarded, .probe, .probed, .count, .counted,
            .votesWanted, .votes, .commit, .committed:
            nil
        }
    }
}
