/// Telling of a write only once ``ReplicaConfiguration/writeAcks`` members hold it: to the one who wrote it, and to all
/// who read it. What was told to anybody would be missed, not only what was answered to its writer.
extension Replica {
    /// Answers, or keeps the answer until enough members have confirmed what `key` holds now.
    ///
    /// - Parameter deadlineMicroseconds: until when the request may wait, all that it has waited for before included.
    mutating func answer(_ source: Pending.Source, _ reply: Reply, to request: Request, deadlineMicroseconds: UInt64) {
        guard configuration.writeAcks > 1, reply.tellsOfEntry, let key = request.key, let dot = store[key]?.version.dot,
            isUnconfirmed(dot, isWritten: reply.isWritten), !makes(.acksAreNotAwaited),
            reply.isWritten || !makes(.readsTellTheUnconfirmed)
        else { return finish(source, reply) }
        guard reply.isWritten || requests.unconfirmed.count < configuration.waitingMax else {
            return finish(source, .refused(.busy))
        }
        requests.unconfirmed.add(
            Unconfirmed(source: source, dot: dot, reply: reply, deadlineMicroseconds: deadlineMicroseconds))
    }

    /// Of older epochs, those are confirmed that the baseline covers: they reached all their new owners, with the layout
    /// or by a hand-on. What a forced layout left behind never gets there, and may be read.
    private func isUnconfirmed(_ dot: Dot, isWritten: Bool) -> Bool {
        guard dot.origin.epoch == layout.epoch else {
            return isWritten ? !record.baseline.covers(dot) : isNamed(dot)
        }
        return shardPeers.count { holds($0, dot) } + 1 < configuration.writeAcks
    }

    /// A write is held where it was made, also where that node has not said so yet.
    private func holds(_ node: NodeAddress, _ dot: Dot) -> Bool {
        guard let peer = peers[node] else { return false }
        return peer.said.vector.covers(dot) || dot.origin.node == node && dot.origin.incarnation == peer.incarnation
    }

    /// Answers what has been confirmed since, and gives up on what was not in time.
    mutating func checkUnconfirmed() {
        guard !requests.unconfirmed.isEmpty else { return }
        for answer in requests.unconfirmed.takeAll() {
            if !isUnconfirmed(answer.dot, isWritten: answer.reply.isWritten) {
                finish(answer.source, answer.reply)
            } else if now.monotonicMicroseconds >= answer.deadlineMicroseconds {
                finish(
                    answer.source,
                    .refused(
                        answer.reply.isWritten
                            ? .tooFewAcks(needed: configuration.writeAcks)
                            : .unconfirmed(needed: configuration.writeAcks)))
            } else {
                requests.unconfirmed.add(answer)
            }
        }
    }
}

extension Reply {
    /// True if it says that a write was carried out.
    fileprivate var isWritten: Bool {
        switch self {
        case .created, .replaced, .deleted: true
        default: false
        }
    }

    /// True if it says what a key holds, or held before a write.
    fileprivate var tellsOfEntry: Bool {
        switch self {
        case .found, .noSuchKey: true
        default: isWritten
        }
    }
}
