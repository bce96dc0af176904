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
        /// True if the rest was not tried: no answer came for so long, a put was not done in time, or none is permitted.
        var isGivenUp: Bool?
        /// The status that the command ends with for the problem; no part of the JSON.
        var status: ExitStatus?

        private enum CodingKeys: String, CodingKey {
            case keys, failed, microseconds, latencyMicrosecondsP50, latencyMicrosecondsP99, problem, isGivenUp
        }

        var keysPerSecond: Int { microseconds == 0 ? 0 : Int(Double(keys) * 1_000_000 / Double(microseconds)) }
    }

    let store: any KeyStore
    let count: Int
    let prefix: String
    /// Puts under way at once, at most.
    let concurrency: Int
    /// The load is given up after so many seconds without a single answer, or where one put takes as long.
    var silenceSecondsMax = 30

    /// The time that a store is to try a single put for: a little less than the load waits for any answer, so that the
    /// put's own reason is told.
    static func patienceMilliseconds(_ silenceSecondsMax: Int) -> UInt64 { UInt64(silenceSecondsMax) * 1_000 - 500 }

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
