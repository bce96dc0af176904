import NIOCore
import ShardCore
import ShardWire

/// Carries changes to the disk behind the event loop, a group at a time, and holds back what rests on them.
///
/// Lives on the event loop.
final class DiskWriter {
    /// Between two groups where nobody waits for them: the more come together, the less each costs.
    private static let groupMilliseconds: Int64 = 20
    /// After a failure, before the next try.
    private static let retryMilliseconds: Int64 = 500

    private let store: DiskStore
    private let eventLoop: any EventLoop
    private var gate: DiskGate
    private var isScheduled = false
    private var isWriting = false
    private var isPaced = false
    private var isClosed = false
    private var pacer = CommitPacer()
    private var forcePacer: ForcePacer
    private var isForceScheduled = false
    /// That of the last commit.
    private var lastState: DurableState?
    /// Takes what may be carried out now.
    var onReleased: (([Directive]) -> Void)?
    /// Told when the disk stops taking what it is given, and when it goes on.
    var onWritable: ((Bool) -> Void)?
    /// Told in words why nothing can be written, and what became of a file that was lost.
    var onNotice: ((String) -> Void)?

    private var commits: UInt64 = 0
    /// Those of them that the disk itself had before they ended, and with them all earlier ones.
    private(set) var forcedCommits: UInt64 = 0
    private var lastCommitMicroseconds: UInt64 = 0
    /// Why the last commit failed; nil while all is well.
    private var problem: String?

    init(
        store: DiskStore, durability: Durability, eventLoop: any EventLoop, forcePacer: ForcePacer = ForcePacer()
    ) {
        self.store = store
        self.forcePacer = forcePacer
        self.eventLoop = eventLoop
        gate = DiskGate(durability: durability)
    }

    var state: DiskState {
        DiskState(
            durability: gate.durability, pendingChanges: gate.pendingCount, commits: commits,
            lastCommitMicroseconds: lastCommitMicroseconds, problem: problem)
    }

    /// Writes everything that it was given and closes the file; what it is given after that is not written.
    func close() throws {
        isClosed = true
        if let fresh = try store.close(writing: gate.unfinished) { onNotice?("\(fresh)") }
    }

    /// Takes in what the replica directs; returns what may be carried out at once.
    func pass(_ directives: [Directive]) -> [Directive] {
        let free = gate.pass(directives)
        writeInTime()
        return free
    }

    /// Begins a commit where there is something to write: soon where somebody waits for it.
    private func writeInTime() {
        guard !isWriting, gate.pendingCount > 0 else { return }
        guard gate.isAwaited else { return schedule(after: Self.groupMilliseconds) }
        let delay = pacer.delayMicroseconds(
            waiting: gate.pendingCount, nowMicroseconds: NodeClock.monotonicMicroseconds())
        guard delay > 0 else { return write() }
        guard !isPaced else { return }
        isPaced = true
        let writer = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .microseconds(Int64(delay))) {
            writer.value.isPaced = false
            writer.value.writeInTime()
        }
    }

    private func schedule(after milliseconds: Int64) {
        guard !isScheduled else { return }
        isScheduled = true
        let writer = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
            writer.value.isScheduled = false
            writer.value.write()
        }
    }

    private func write() {
        guard !isClosed, !isWriting, let changes = gate.beginCommit() else { return }
        isWriting = true
        let start = NodeClock.monotonicMicroseconds()
        let isForced =
            gate.durability == .sync || changes.contains(where: \.isVital) || forcePacer.isDue(nowMicroseconds: start)
        let count = changes.count
        lastState = changes.last?.state
        let writer = NIOLoopBound(self, eventLoop: eventLoop)
        let eventLoop = eventLoop
        store.commit(changes, isForced: isForced) { result in
            let ending = Ending(result)
            eventLoop.execute { writer.value.end(ending, of: count, isForced: isForced, sinceMicroseconds: start) }
        }
    }

    /// How a commit ended, in words.
    private enum Ending {
        case committed(notice: String?)
        /// - Parameter isLost: true where the next commit goes to a fresh file.
        case failed(problem: String, isLost: Bool)

        init(_ result: Result<DiskStore.FreshFile?, any Error>) {
            switch result {
            case .success(let fresh): self = .committed(notice: fresh.map { "\($0)" })
            case .failure(let error):
                let isLost = if case DiskStore.Trouble.lost = error { true } else { false }
                self = .failed(problem: NodeErrors.words(error), isLost: isLost)
            }
        }
    }

    private func end(_ ending: Ending, of count: Int, isForced: Bool, sinceMicroseconds start: UInt64) {
        isWriting = false
        // What was under way then was written once more, with the rest.
        guard !isClosed else { return }
        let wasFailing = gate.isFailing
        let now = NodeClock.monotonicMicroseconds()
        lastCommitMicroseconds = now - start
        switch ending {
        case .failed(let problem, let isLost):
            if problem != self.problem { onNotice?(problem) }
            self.problem = problem
            onReleased?(gate.failCommit())
            if !wasFailing { onWritable?(false) }
            schedule(after: isLost ? 0 : Self.retryMilliseconds)
        case .committed(let notice):
            problem = nil
            commits += 1
            if isForced { forcedCommits += 1 }
            forcePacer.committed(isForced: isForced, beganMicroseconds: start)
            let released = gate.endCommit()
            pacer.ended(
                changes: count, waiting: gate.pendingCount, tookMicroseconds: lastCommitMicroseconds,
                nowMicroseconds: now)
            if let notice { onNotice?(notice) }
            onReleased?(released)
            if wasFailing { onWritable?(true) }
            writeInTime()
            forceInTime()
        }
    }

    /// Sees to it that the disk itself has everything in time, also where nothing more comes.
    private func forceInTime() {
        guard !isForceScheduled, let due = forcePacer.dueMicroseconds else { return }
        isForceScheduled = true
        let now = NodeClock.monotonicMicroseconds()
        let writer = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: .microseconds(Int64(max(due, now) - now))) {
            writer.value.isForceScheduled = false
            writer.value.force()
        }
    }

    private func force() {
        // A commit under way comes back here.
        guard !isClosed, !isWriting else { return }
        guard forcePacer.isDue(nowMicroseconds: NodeClock.monotonicMicroseconds()) else { return forceInTime() }
        if gate.pendingCount == 0, let lastState {
            _ = gate.pass([.persist(DiskChange(records: [], state: lastState, isVital: false))])
        }
        write()
    }
}
