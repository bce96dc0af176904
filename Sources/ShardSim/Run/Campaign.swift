import ShardCore

/// Many runs, `jobs` of them at a time.
public struct Campaign: Sendable {
    /// The sums over all runs.
    public struct Summary: Sendable {
        public internal(set) var runs = 0
        public internal(set) var answers = 0
        public internal(set) var refusals: [String: Int] = [:]
        public internal(set) var coverage = Coverage()
        /// The runs that failed, in the order in which they ended.
        public internal(set) var failed: [RunReport] = []
        /// The hash of each run.
        public internal(set) var hashes: [RunHash] = []
        /// One hash for all runs, in whatever order they ended.
        public var traceHash: UInt64 { RunHash.combined(hashes) }
    }

    private let scenarios: [Scenario]
    private let jobs: Int
    private let plantedBug: PlantedBug?

    public init(scenarios: [Scenario], jobs: Int, plantedBug: PlantedBug? = nil) {
        self.scenarios = scenarios
        self.jobs = jobs
        self.plantedBug = plantedBug
    }

    /// Runs all scenarios, and calls `onReport` after each.
    public func run(onReport: (RunReport) -> Void = { _ in }) async -> Summary {
        var summary = Summary()
        var waiting = scenarios[...]
        let plantedBug = plantedBug
        await withTaskGroup(of: RunReport.self) { group in
            func startNext() {
                guard let scenario = waiting.popFirst() else { return }
                group.addTask {
                    let report = SimulationRun(scenario, traceLinesMax: 0, plantedBug: plantedBug).execute()
                    if report.failures.isEmpty { return report }
                    // The run is repeated with its trace.
                    return SimulationRun(scenario, plantedBug: plantedBug).execute()
                }
            }
            for _ in 0..<jobs { startNext() }
            for await report in group {
                startNext()
                onReport(report)
                summary.add(report)
            }
        }
        return summary
    }
}

extension Campaign.Summary {
    mutating func add(_ report: RunReport) {
        runs += 1
        hashes.append(RunHash(report))
        answers += report.answers
        refusals.merge(report.refusals, uniquingKeysWith: +)
        coverage.merge(report.coverage)
        if !report.failures.isEmpty { failed.append(report) }
    }
}
