import ShardCore

extension SimulationRun {
    /// Returns a smaller scenario's report that still breaks the property that `report` broke first.
    ///
    /// Leaves out one step after another for as long as the run still fails, and then sessions and the pace. Every try
    /// is a whole run, so there are at most `runsMax`.
    public static func shrink(_ report: RunReport, runsMax: Int = 60, plantedBug: PlantedBug? = nil) -> RunReport {
        guard let property = report.failures.first?.property else { return report }
        var best = report
        var runsLeft = runsMax
        func stillFails(_ scenario: Scenario) -> Bool {
            guard runsLeft > 0 else { return false }
            runsLeft -= 1
            let next = SimulationRun(scenario, plantedBug: plantedBug).execute()
            guard next.failures.first?.property == property else { return false }
            best = next
            return true
        }
        // Whole halves first, then single steps.
        var size = max(1, best.scenario.steps.count / 2)
        while size >= 1, runsLeft > 0 {
            var start = 0
            while start < best.scenario.steps.count, runsLeft > 0 {
                var smaller = best.scenario
                smaller.steps.removeSubrange(start..<min(start + size, smaller.steps.count))
                if !stillFails(smaller) { start += size }
            }
            if size == 1 { break }
            size /= 2
        }
        return best
    }
}
