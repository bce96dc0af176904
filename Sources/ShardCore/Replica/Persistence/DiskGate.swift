import DequeModule

/// The moment at which a write is answered.
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

    /// The bytes that may wait for a disk before answers wait for it as well: one that is too slow, or stands still, must not
    /// fill the memory.
    public static let pendingBytesMax = 64 * 1_024 * 1_024

    public let durability: Durability
    private let pendingBytesMax: Int
    private var queue = DiskQueue()
    /// All that leaves the node from now on waits for this change.
    private var neededSequence: UInt64 = 0
    /// Answers wait for this one as well: so much waited for the disk then.
    private var pressedSequence: UInt64 = 0
    private var heldBack: Deque<Held> = []
    /// True after a commit that failed, until one succeeds.
    public private(set) var isFailing = false

    public init(durability: Durability, pendingBytesMax: Int = DiskGate.pendingBytesMax) {
        self.durability = durability
        self.pendingBytesMax = pendingBytesMax
    }

    /// Changes that are not on the disk.
    public var pendingCount: Int { queue.unwritten.count + queue.writing.count }
    /// The changes still to be written before the disk can be let go, that of a commit under way included: it may fail, and to
    /// write it twice does no harm.
    public var unfinished: [DiskChange] { queue.writing + queue.unwritten }
    public var isIdle: Bool { pendingCount == 0 && heldBack.isEmpty }

    /// True if something waits for what is not on the disk.
    public var isAwaited: Bool { !heldBack.isEmpty }

    /// Takes in what a replica directs; returns what may be carried out now.
    public mutating func pass(_ directives: [Directive]) -> [Directive] {
        guard durability != .memory else { return directives }
        var free: [Directive] = []
        free.reserveCapacity(directives.count)
        for directive in directives {
            switch directive {
            case .persist(let change):
                queue.add(change)
                if durability == .sync || change.isVital { neededSequence = queue.last }
                if queue.bytes > pendingBytesMax { pressedSequence = queue.last }
            case .reply, .send, .drained:
                let needed =
                    if case .drained = directive { queue.last } else { max(neededSequence, pressedSequence) }
                if isFailing {
                    if let sendableWhileFailing = sendableWhileFailing(directive) { free.append(sendableWhileFailing) }
                } else if needed <= queue.durable, heldBack.isEmpty {
                    free.append(directive)
                } else if directive.isHeartbeat, neededSequence <= queue.durable {
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

    /// The changes to write next, all in one transaction; nil if there are none or a commit is under way.
    public mutating func beginCommit() -> [DiskChange]? { queue.beginCommit() }

    /// The changes of the last ``beginCommit()`` are on the disk: returns what waited for them.
    public mutating func endCommit() -> [Directive] {
        queue.endCommit()
        isFailing = false
        var free: [Directive] = []
        while let next = heldBack.first, next.after <= queue.durable {
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
        queue.failCommit()
        isFailing = true
        let all = heldBack.map(\.directive)
        heldBack.removeAll()
        return all.compactMap(sendableWhileFailing)
    }

    /// The part of `directive` that may go out although the disk lacks what it rests on; nil if there is none.
    private func sendableWhileFailing(_ directive: Directive) -> Directive? {
        switch directive {
        case .reply(let id, let reply): return .reply(id, Self.sendableWhileFailing(reply))
        case .send(let envelope, let peer):
            switch envelope.message {
            case .forwarded(let id, let reply):
                return .send(
                    Envelope(
                        from: envelope.from, cluster: envelope.cluster, incarnation: envelope.incarnation,
                        epoch: envelope.epoch, timestamp: envelope.timestamp,
                        message: .forwarded(id: id, Self.sendableWhileFailing(reply))),
                    to: peer)
            // It may have been decided by this node's own vote.
            case .epoch(let record), .commit(let record):
                return record.layout.epoch <= queue.durableEpoch ? directive : nil
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
