/// A write that is done here and answered once enough members hold it.
struct Unconfirmed: Sendable {
    let source: Pending.Source
    let dot: Dot
    let reply: Reply
    let deadlineMicroseconds: UInt64
}

/// Answering a write only once ``ReplicaConfiguration/writeAcks`` members hold it.
extension Replica {
    /// Answers, or keeps the answer of the write that `key` holds now until enough members have confirmed it.
    mutating func answer(_ source: Pending.Source, _ reply: Reply, to request: Request) {
        guard configuration.writeAcks > 1, reply.isWritten, let key = request.key, let dot = store[key]?.version.dot,
            isUnconfirmed(dot), !makes(.acksAreNotAwaited)
        else { return finish(source, reply) }
        unconfirmed.append(
            Unconfirmed(
                source: source, dot: dot, reply: reply,
                deadlineMicroseconds: now.monotonicMicroseconds
                    + microseconds(configuration.dependencyWaitMilliseconds)))
    }

    /// Of older epochs, those are confirmed that the baseline covers: they reached all their new owners, with the layout
    /// or by a hand-on.
    private func isUnconfirmed(_ dot: Dot) -> Bool {
        guard dot.origin.epoch == layout.epoch else { return !record.baseline.covers(dot) }
        return shardPeers.count { peers[$0]?.vector.covers(dot) ?? false } + 1 < configuration.writeAcks
    }

    /// Answers what has been confirmed since, and gives up on what was not in time.
    mutating func checkUnconfirmed() {
        guard !unconfirmed.isEmpty else { return }
        let all = unconfirmed
        unconfirmed = []
        for write in all {
            if !isUnconfirmed(write.dot) {
                finish(write.source, write.reply)
            } else if now.monotonicMicroseconds >= write.deadlineMicroseconds {
                finish(write.source, .refused(.tooFewAcks(needed: configuration.writeAcks)))
            } else {
                unconfirmed.append(write)
            }
        }
    }
}

extension Reply {
    /// True where it says that a write was carried out.
    fileprivate var isWritten: Bool {
        switch self {
        case .created, .replaced, .deleted: true
        default: false
        }
    }
}
