import DequeModule

/// When a write is answered.
public enum Durability: String, Sendable, Codable, CaseIterable {
    /// Once a member holds it in memory; nothing is written to a disk.
    case memory
    /// Once a member holds it in memory. A moment later it is committed, in a group with others, and within a second the
    /// disk itself is made to have it: the end of the process takes what was answered in that moment, a loss of power
    /// what was answered in that second, or in a little more. Where more than ``DiskGate/pendingBytesMax`` waits for the
    /// disk, answers wait until it was committed.
    case batched
    /// Once it is on the disk of the member that took it.
    case sync
}

/// Stands between a replica and the world: nothing leaves the node before what it rests on is on its disk.
///
/// With ``Durability/sync`` that holds for everything. With ``Durability/batched`` it holds for votes, epochs and
/// portions that may be proposed, and the last writes before a crash may be missing afterwards: the disk then holds an
/// earlier state of the node, never a mixture.
public struct DiskGate: Sendable {
    private struct Held {
        let after: UInt64
        let directive: Directive
    }

    /// How much may wait for a disk before answers wait for it as well: one that is too slow, or stands still, must not
    /// fill the memory.
    public static let pendingBytesMax = 64 * 1_024 * 1_024

    public let durability: Durability
    private let pendingBytesMax: Int
    /// What the changes weigh that are not on the disk, and those of the commit under way among them.
    private var pendingBytes = 0
    private var writingBytes = 0
    /// Changes that no commit has taken yet.
    private var unwritten: [DiskChange] = []
    private var writing: [DiskChange] = []
    private var lastSequence: UInt64 = 0
    /// Changes up to this one are on the disk.
    private var durableSequence: UInt64 = 0
    private var writingSequence: UInt64 = 0
    /// What leaves the node from now on waits for this one.
    private var neededSequence: UInt64 = 0
    /// Answers wait for this one as well: so much waited for the disk then.
    private var pressedSequence: UInt64 = 0
    private var heldBack: Deque<Held> = []
    /// The epoch in force as the disk has it; 0 where nothing was written since the start.
    private var durableEpoch: UInt64 = 0
    /// True after a commit that failed, until one succeeds.
    public private(set) var isFailing = false

    public init(durability: Durability, pendingBytesMax: Int = DiskGate.pendingBytesMax) {
        self.durability = durability
        self.pendingBytesMax = pendingBytesMax
    }

    /// Changes that are not on the disk.
    public var pendingCount: Int { unwritten.count + writing.count }
    /// What is still to be written before the disk can be let go, that of a commit under way included: it may fail, and to
    /// write it twice does no harm.
    public var unfinished: [DiskChange] { writing + unwritten }
    public var isIdle: Bool { pendingCount == 0 && heldBack.isEmpty }

    /// True where something waits for what is not on the disk.
    public var isAwaited: Bool { !heldBack.isEmpty }

    /// Takes in what a replica directs; returns what may be carried out now.
    public mutating func pass(_ directives: [Directive]) -> [Directive] {
        guard durability != .memory else { return directives }
        var free: [Directive] = []
        free.reserveCapacity(directives.count)
        for directive in directives {
            switch directive {
            case .persist(let change):
                lastSequence += 1
                unwritten.append(change)
                pendingBytes += change.memoryBytes
                if durability == .sync || change.isVital { neededSequence = lastSequence }
                if pendingBytes > pendingBytesMax { pressedSequence = lastSequence }
            case .reply, .send, .drained:
                let needed =
                    if case .drained = directive { lastSequence } else { max(neededSequence, pressedSequence) }
                if isFailing {
                    if let sendableWhileFailing = sendableWhileFailing(directive) { free.append(sendableWhileFailing) }
                } else if needed <= durableSequence, heldBack.isEmpty {
                    free.append(directive)
                } else if directive.isHeartbeat, neededSequence <= durableSequence {
                    // A disk that is slow must not make others take the node for dead.
                    free.append(directive)
                } else {
                    heldBack.append(Held(after: needed, directive: directive))
                }
            case .resume, .record:
                free.append(directive)
            }
        }
        return free
    }

    /// The changes to write next, all in one transaction; nil where there are none or a commit is under way.
    public mutating func beginCommit() -> [DiskChange]? {
        guard writing.isEmpty, !unwritten.isEmpty else { return nil }
        swap(&writing, &unwritten)
        writingBytes = pendingBytes
        writingSequence = lastSequence
        return writing
    }

    /// The changes of the last ``beginCommit()`` are on the disk: returns what waited for them.
    public mutating func endCommit() -> [Directive] {
        assert(!writing.isEmpty, "a commit ended that never began")
        assert(writingSequence >= durableSequence, "the disk holds less than before")
        if let last = writing.last { durableEpoch = last.state.record.layout.epoch }
        writing.removeAll()
        pendingBytes -= writingBytes
        assert(pendingBytes >= 0, "more was written than there was to write")
        writingBytes = 0
        durableSequence = writingSequence
        isFailing = false
        var free: [Directive] = []
        while let next = heldBack.first, next.after <= durableSequence {
            free.append(next.directive)
            heldBack.removeFirst()
        }
        return free
    }

    /// The changes of the last ``beginCommit()`` could not be written; they will be tried again. Returns what goes out
    /// nevertheless, as ``pass(_:)`` does from now on: answers to reads, and to writes and changes of the layout that they
    /// failed. Nobody is told that this node took something in, or votes, or of an epoch, where it may forget that.
    ///
    /// Its heartbeats go on, and tell what it covers in memory.
    public mutating func failCommit() -> [Directive] {
        assert(!writing.isEmpty, "a commit failed that never began")
        unwritten = writing + unwritten
        writing.removeAll()
        writingBytes = 0
        isFailing = true
        let all = heldBack.map(\.directive)
        heldBack.removeAll()
        return all.compactMap(sendableWhileFailing)
    }

    /// What may go out of `directive` although the disk lacks what it rests on; nil where nothing may.
    private func sendableWhileFailing(_ directive: Directive) -> Directive? {
        switch directive {
        case .reply(let id, let reply): return .reply(id, Self.sendableWhileFailing(reply))
        case .send(let envelope, let peer):
            switch envelope.message {
            case .forwarded(let id, let reply):
                return .send(
                    Envelope(
                        from: envelope.from, incarnation: envelope.incarnation, epoch: envelope.epoch,
                        timestamp: envelope.timestamp, message: .forwarded(id: id, Self.sendableWhileFailing(reply))),
                    to: peer)
            // It may have been decided by this node's own vote.
            case .epoch(let record), .commit(let record):
                return record.layout.epoch <= durableEpoch ? directive : nil
            default: return envelope.message.rules.confirms ? nil : directive
            }
        default: return directive
        }
    }

    private static func sendableWhileFailing(_ reply: Reply) -> Reply {
        switch reply {
        case .created, .replaced, .deleted, .addedToView, .removedFromView, .memberAdded, .resharded:
            .refused(.diskFailing)
        default: reply
        }
    }
}

extension Directive {
    fileprivate var isHeartbeat: Bool {
        guard case .send(let envelope, _) = self, case .heartbeat = envelope.message else { return false }
        return true
    }
}
