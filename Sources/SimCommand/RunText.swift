import ShardCore
import ShardSim

/// Reports in words.
enum RunText {
    static func headline(_ report: RunReport) -> String {
        let first = report.failures.first.map { "\($0)" } ?? "clean"
        return "seed \(report.scenario.seed) \(report.scenario.profile.rawValue): \(first)"
    }

    static func line(_ finding: Plant.Finding) -> String {
        let plant = finding.plant
        let name = "\(plant.bug.rawValue) under \(plant.profile.rawValue)"
        guard let found = finding.found else {
            let others = finding.others.map(\.rawValue).sorted().joined(separator: ", ")
            return "NOT FOUND: \(name), seeds \(plant.seeds.lowerBound) to \(plant.seeds.upperBound)"
                + (others.isEmpty ? "" : "; found instead: \(others)")
        }
        return "\(name): found by \(found.property.rawValue), seed \(found.seed)"
    }

    /// - Parameter origin: the run as its seed chose it, if `report` is of a smaller one.
    static func whole(
        _ report: RunReport, lines: Int, commit: String, plantedBug: PlantedBug?, origin: Scenario? = nil
    ) -> String {
        let scenario = report.scenario
        let trace = report.trace.suffix(lines)
        var text = """

            --- seed \(scenario.seed), profile \(scenario.profile.rawValue): \(scenario.founderCount) founders, \
            \(scenario.joinerCount) joiners, \(scenario.shardCount) shards, \(scenario.sessionCount) sessions, \
            \(scenario.keyCount) keys, trace hash \(RunHash.text(report.traceHash))

            """
        let plant = plantedBug.map { " --plant \($0.rawValue)" } ?? ""
        text += "  commit \(commit)\n"
        text += "  shardsim --seed \(scenario.seed) --profile \(scenario.profile.rawValue)\(plant) --trace\n"
        if let origin, origin.steps.count > scenario.steps.count {
            text += "  below \(scenario.steps.count) of its \(origin.steps.count) steps, which are enough\n"
        }
        for step in scenario.steps { text += "  \(step.atMilliseconds) ms: \(step.action)\n" }
        if trace.count < report.trace.count { text += "  the last \(trace.count) lines:\n" }
        for line in trace { text += line + "\n" }
        for failure in report.failures.prefix(5) { text += "FAILED \(failure)\n" }
        if report.failures.isEmpty { text += "clean: \(report.answers) answers, \(report.epochs) epochs\n" }
        return text
    }

    static func summary(_ summary: Campaign.Summary) -> String {
        var text = "\n" + table(summary.coverage)
        text += "changes: " + list(summary.coverage.outcomes) + "\n"
        text += "refusals: " + list(summary.refusals) + "\n"
        text += "\(summary.runs) runs, \(summary.answers) answers, \(summary.failed.count) failed, "
        text += "trace hash \(RunHash.text(summary.traceHash))\n"
        let failed = summary.failed.map { "\($0.scenario.profile.rawValue) \($0.scenario.seed)" }.sorted()
        if !failed.isEmpty { text += "failed: " + failed.prefix(60).joined(separator: ", ") + "\n" }
        return text
    }

    /// - Parameter file: the file that the list is from.
    static func comparison(
        _ hashes: [RunHash], _ expected: ExpectedHashes, file: String
    ) -> (text: String, isSame: Bool) {
        let (known, different) = expected.compared(with: hashes)
        guard let first = different.first else {
            return ("\(known.count) of \(hashes.count) runs are in \(file), and did what it says\n", true)
        }
        return (
            """
            \(different.count) of \(known.count) runs did not do what \(file) says, the first of them \(first.run). \
            What only moves code must not change what nodes do. For what changes it on purpose, write the list anew with \
            --hashes, and run a campaign.

            """, false
        )
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    /// Faults by phase; a cell that no run hit shows as a dash.
    private static func table(_ coverage: Coverage) -> String {
        let phases = ["idle", "check", "collate", "rebalance", "broadcast", "freeze"]
        let faults = Set(coverage.counts.values.flatMap(\.keys)).sorted()
        let width = (faults.map(\.count).max() ?? 0) + 2
        var text = "fault".padded(to: width) + phases.map { $0.padded(to: 11) }.joined() + "\n"
        for fault in faults {
            text += fault.padded(to: width)
            text +=
                phases.map { "\(coverage.counts[$0]?[fault].map(String.init) ?? "-")".padded(to: 11) }.joined() + "\n"
        }
        return text
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

extension RunText {
    /// The outcome of a run that tells nodes lies.
    static func lines(_ report: Fuzz.Report) -> String {
        let largest = report.largest.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return
            (report.failures.map { "FAILED: \($0)" } + [
                "\(report.messages) lies of \(report.kinds) kinds of messages, to \(report.clusters) clusters: "
                    + "\(report.undecodable) undecodable, \(report.refused) refused "
                    + "(\(report.compared) with the whole state compared), \(report.within) within the bounds; "
                    + "\(report.answers) answers to clients",
                "at most \(report.recordsMax) records, " + largest.joined(separator: ", "),
            ]).joined(separator: "\n")
    }
}
