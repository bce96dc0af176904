import NIOCore
import ShardCore
import ShardWire

/// Writes changes to the disk off the event loop, a group at a time, and holds back the directives that rest on them.
///
/// Lives on the event loop.
final class DiskWriter {
    /// The time between two groups that nobody waits for: the more changes come together, the less each costs.
    private static let groupMilliseconds: Int64 = 20
    /// The time after a failure before the next try.
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
    /// The state that the last commit wrote.
    private var lastState: DurableState?
    /// Takes the directives that may be carried out now.
    var onReleased: (([Directive]) -> Void)?
    /// Called when the disk stops taking changes, and when it takes them again.
    var onWritable: ((Bool) -> Void)?
    /// Called with the reason why nothing can be written, or with what became of a file that was lost.
    var onNotice: ((String) -> Void)?

    private var commits: UInt64 = 0
    /// The number of commits that were forced: the disk itself had them, and all before them, when they ended.
    private(set) var forcedCommits: UInt64 = 0
    private var lastCommitMicroseconds: UInt64 = 0
    /// The reason why the last commit failed; nil while all is well.
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

    /// Writes all changes that it was given and closes the file; changes that come later are not written.
    func close() throws {
        isClosed = true
        if let fresh = try store.close(writing: gate.unfinished) { onNotice?("\(fresh)") }
    }

    /// Takes in the replica's directives; returns those that may be carried out at once.
    func pass(_ directives: [Directive]) -> [Directive] {
        let free = gate.pass(directives)
        writeInTime()
        return free
    }

    /// Begins a commit if there is something to write: soon if somebody waits for it.
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

    /// The end of a commit, in words.
    private enum Ending {
        case committed(notice: String?)
        /// - Parameter isLost: true if the next commit goes to a fresh file.
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
        // If the writer was closed, the changes of this commit were written once more, with the rest.
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

    /// Makes sure that the disk itself has everything in time, even if no more changes come.
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
        // A commit under way calls this again when it ends.
        guard !isClosed, !isWriting else { return }
        guard forcePacer.isDue(nowMicroseconds: NodeClock.monotonicMicroseconds()) else { return forceInTime() }
        if gate.pendingCount == 0, let lastState {
            _ = gate.pass([.persist(DiskChange(records: [], state: lastState, isVital: false))])
        }
        write()
    }
}
