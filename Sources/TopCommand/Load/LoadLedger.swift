/// The books of a load: which puts are under way, what came of the others, and whether it is to go on. Reads no clock.
struct LoadLedger {
    typealias Instant = ContinuousClock.Instant

    static let tickMilliseconds = 200
    private static let ticksPerSecond = 1_000 / tickMilliseconds

    private let count: Int
    private let silenceSecondsMax: Int
    private var window: LoadWindow
    private var nextIndex = 0
    private var inFlight: [Int: Instant] = [:]
    private var latencies: [UInt64] = []
    private var failures = 0
    private var problem: String?
    /// The status that the command ends with for the problem.
    private var status: ExitStatus?
    private let start: Instant
    /// When any node last answered a put, with yes or no.
    private var heard: Instant
    /// The keys put at each of the last ticks, for the rate.
    private var history = [0]

    /// How long the store tries a put for.
    private var patience: Duration { .milliseconds(LoadRun.patienceMilliseconds(silenceSecondsMax)) }

    init(_ load: LoadRun, start: Instant = .now) {
        count = load.count
        silenceSecondsMax = load.silenceSecondsMax
        window = LoadWindow(max: load.concurrency)
        self.start = start
        heard = start
    }

    /// The next key to put, if there is room for one more now.
    mutating func next(now: Instant) -> Int? {
        guard nextIndex < count, inFlight.count < window.size, failures < LoadRun.failuresMax else { return nil }
        defer { nextIndex += 1 }
        inFlight[nextIndex] = now
        return nextIndex
    }

    var isBusy: Bool { !inFlight.isEmpty }

    private(set) var isGivenUp = false

    mutating func answered(_ index: Int, wasLost: Bool = false, now: Instant) {
        guard let began = inFlight.removeValue(forKey: index) else { return }
        heard = now
        let latency = now.microseconds(since: began)
        latencies.append(latency)
        if wasLost {
            window.shrink(began: began, now: now)
        } else {
            window.answered(began: began, microseconds: latency, now: now)
        }
    }

    mutating func failed(_ index: Int, _ error: KeyTrouble, now: Instant) {
        guard let began = inFlight.removeValue(forKey: index) else { return }
        failures += 1
        if problem == nil { (problem, status) = ("\(error)", error.status) }
        if error.status == .notPermitted {
            // Nor would any other put be.
            giveUp("\(error)", .notPermitted)
        } else if error.kind != .refused, now >= began + patience {
            giveUp("a put was not done within \(Words.plural(silenceSecondsMax, "second")): \(error)", error.status)
        }
        switch error.kind {
        case .refused: heard = now
        case .busy:
            heard = now
            window.shrink(began: began, now: now)
        case .silence: window.shrink(began: began, now: now)
        }
    }

    mutating func tick(now: Instant) {
        history.append(latencies.count)
        if history.count > Self.ticksPerSecond + 1 { history.removeFirst() }
        if let oldest = inFlight.values.min(), now.microseconds(since: oldest) > window.slowMicroseconds {
            window.shrink(began: oldest, now: now)
        }
        guard now >= heard + .seconds(silenceSecondsMax), !isGivenUp else { return }
        let first = problem.map { "; the first failure: \($0)" } ?? ""
        giveUp(
            "no node answered a put for \(Words.plural(silenceSecondsMax, "second"))\(first)",
            latencies.isEmpty ? .unavailable : .tryAgainLater)
    }

    private mutating func giveUp(_ reason: String, _ status: ExitStatus) {
        isGivenUp = true
        (problem, self.status) = (reason, status)
    }

    func progress(now: Instant) -> LoadProgress {
        let waits = inFlight.values.map(now.microseconds(since:)).filter { $0 > window.slowMicroseconds }
        let ticks = history.count - 1
        let rate = ticks > 0 ? (latencies.count - history[0]) * Self.ticksPerSecond / ticks : 0
        return LoadProgress(
            keys: latencies.count, total: count, keysPerSecond: rate, inFlight: inFlight.count, waiting: waits.count,
            waitingMicrosecondsMax: waits.max() ?? 0, failed: failures, problem: problem)
    }

    func result(now: Instant) -> LoadRun.Result {
        let sorted = latencies.sorted()
        var result = LoadRun.Result(
            keys: sorted.count, failed: failures, problem: problem, isGivenUp: isGivenUp ? true : nil, status: status)
        result.microseconds = now.microseconds(since: start)
        if !sorted.isEmpty {
            result.latencyMicrosecondsP50 = sorted[sorted.count / 2]
            result.latencyMicrosecondsP99 = sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
        }
        return result
    }
}
