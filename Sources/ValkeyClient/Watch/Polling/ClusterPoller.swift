import ClusterModel
import HostSystem

/// Carries out what a ``ClusterWatch`` wants asked, and keeps it. Begins with one or more addresses and finds the rest.
///
/// All servers are asked side by side, each with its own time limit, so a dead one delays nobody. A look waits a moment
/// for the answers of its round, and takes the last word of those that need longer.
public actor ClusterPoller {
    public let setup: WatchSetup
    private let calls: any ServerCalls
    private var watch: ClusterWatch
    private var queue: [ServerAsk] = []
    private var asked = 0
    private var hasLooked = false
    private var isOursRunning = false
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter = 0

    /// Lanes of connections: the poller's own, so that nobody waits for it, nor it for anybody.
    static let lane = 15

    public init(seeds: [ServerAddress], calls: any ServerCalls, setup: WatchSetup = WatchSetup()) {
        self.setup = setup
        self.calls = calls
        watch = ClusterWatch(seeds: seeds, setup: setup, now: SteadyClock.shared.nowMilliseconds)
    }

    /// While this program moves slots itself, what moves is not taken for somebody else's work.
    public func setOursRunning(_ isRunning: Bool) { isOursRunning = isRunning }

    /// Asks whoever is due, and returns what is known then.
    public func look() async -> WatchReport {
        await round(patienceMilliseconds: hasLooked ? setup.patienceMilliseconds : setup.timeoutMilliseconds + 100)
        if !hasLooked, watch.holdsBack {
            // The one look of a command must tell trouble from word that is only spreading.
            try? await Task.sleep(for: .milliseconds(300))
            await round(patienceMilliseconds: setup.timeoutMilliseconds + 100)
        }
        hasLooked = true
        return lastReport
    }

    /// The report as it is known without asking anybody.
    public var lastReport: WatchReport {
        WatchReport(watch, isOursRunning: isOursRunning, now: SteadyClock.shared.nowMilliseconds)
    }

    /// Events since the last call, oldest first.
    public func takeEvents() async -> [Event] {
        if !hasLooked { _ = await look() }
        return watch.takeEvents()
    }

    private func round(patienceMilliseconds: UInt64) async {
        enqueue(watch.beginRound(SteadyClock.shared.nowMilliseconds))
        await waitForRound(milliseconds: patienceMilliseconds)
        watch.endRound(isOursRunning: isOursRunning, SteadyClock.shared.nowMilliseconds)
    }

    private func enqueue(_ asks: [ServerAsk]) {
        queue += asks
        while asked < setup.asksAtOnceMax, !queue.isEmpty { begin(queue.removeFirst()) }
    }

    private func begin(_ ask: ServerAsk) {
        asked += 1
        let calls = calls
        let limit = Duration.milliseconds(setup.timeoutMilliseconds)
        // Not a child of the look: it may outlive its round, and ends with its own time limit.
        Task {
            let start = ContinuousClock.now
            let outcome: Result<ServerAnswer, ServerError>
            do throws(ServerError) {
                let replies = try await calls.send(ask.commands, to: ask.dialled, lane: Self.lane, within: limit)
                outcome = .success(try ServerAnswer(ask, replies))
            } catch {
                outcome = .failure(error)
            }
            self.end(ask, outcome, microseconds: (ContinuousClock.now - start).microseconds)
        }
    }

    private func end(_ ask: ServerAsk, _ outcome: Result<ServerAnswer, ServerError>, microseconds: UInt64) {
        asked -= 1
        let now = SteadyClock.shared.nowMilliseconds
        switch outcome {
        case .success(let answer): enqueue(watch.answered(ask, answer, tookMicroseconds: microseconds, now))
        case .failure(let error): enqueue(watch.failed(ask, error, now))
        }
        if asked == 0 {
            for waiter in waiters.values { waiter.resume() }
            waiters.removeAll()
        }
    }

    private func waitForRound(milliseconds: UInt64) async {
        guard asked > 0 else { return }
        let id = nextWaiter
        nextWaiter += 1
        let timer = Task {
            try? await Task.sleep(for: .milliseconds(milliseconds))
            self.resume(id)
        }
        await withCheckedContinuation { waiters[id] = $0 }
        timer.cancel()
    }

    private func resume(_ id: Int) { waiters.removeValue(forKey: id)?.resume() }
}
