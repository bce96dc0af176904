import Foundation

/// Puts keys round-robin through all nodes, several at a time: one at first, and more as long as answers come quickly.
struct LoadRun: Sendable {
    struct Result: Sendable, Codable, Equatable {
        var keys = 0
        var failed = 0
        var microseconds: UInt64 = 0
        var latencyMicrosecondsP50: UInt64 = 0
        var latencyMicrosecondsP99: UInt64 = 0
        /// Of the first put that failed; where the load was given up, why.
        var problem: String?
        /// True if no answer came for so long that the rest was not tried.
        var isGivenUp: Bool?

        var keysPerSecond: Int { microseconds == 0 ? 0 : Int(Double(keys) * 1_000_000 / Double(microseconds)) }
    }

    let store: any KeyStore
    let count: Int
    let prefix: String
    /// Puts under way at once, at most.
    let concurrency: Int
    /// The load is given up after so many seconds without a single answer.
    var silenceSecondsMax = 30

    /// After this many failures nothing more is tried.
    static let failuresMax = 100

    func key(_ index: Int) -> String { "\(prefix)\(index)" }
    func value(_ index: Int) -> String { "value of \(prefix)\(index)" }

    private enum Event: Sendable {
        /// `wasLost` where an earlier try of it went out and was not answered.
        case answered(Int, wasLost: Bool)
        case failed(Int, KeyTrouble)
        case tick
    }

    /// - Parameter progress: called some times a second, from the first on.
    func run(progress: @escaping @Sendable (LoadProgress) -> Void) async -> Result {
        await withTaskExecutorPreference(store.executor) { await put(progress) }
    }

    private func put(_ progress: @escaping @Sendable (LoadProgress) -> Void) async -> Result {
        await withTaskGroup(of: Event.self) { group in
            var ledger = LoadLedger(self)
            addTick(to: &group)
            while true {
                while let index = ledger.next(now: .now) { group.addTask { await put(index) } }
                guard ledger.isBusy, let event = await group.next() else { break }
                switch event {
                case .answered(let index, let wasLost): ledger.answered(index, wasLost: wasLost, now: .now)
                case .failed(let index, let error): ledger.failed(index, error, now: .now)
                case .tick:
                    ledger.tick(now: .now)
                    progress(ledger.progress(now: .now))
                    addTick(to: &group)
                }
                if Task.isCancelled || ledger.isGivenUp { break }
            }
            group.cancelAll()
            return ledger.result(now: .now)
        }
    }

    private func addTick(to group: inout TaskGroup<Event>) {
        group.addTask {
            try? await Task.sleep(for: .milliseconds(LoadLedger.tickMilliseconds))
            return .tick
        }
    }

    private func put(_ index: Int) async -> Event {
        do throws(KeyTrouble) {
            let mayComeTwice = try await store.put(key(index), value(index), turn: index)
            return .answered(index, wasLost: mayComeTwice)
        } catch {
            return .failed(index, error)
        }
    }
}

extension ContinuousClock.Instant {
    func microseconds(since earlier: Self) -> UInt64 {
        let (seconds, attoseconds) = (self - earlier).components
        return UInt64(max(0, seconds)) * 1_000_000 + UInt64(max(0, attoseconds)) / 1_000_000_000_000
    }
}
