import ShardCore
import ShardSim
import Testing

/// Runs from seeds: the same ones as `shardsim`, few enough for every build.
@Suite struct SimulationTests {
    @Test func theSameSeedGivesTheSameRun() {
        let scenario = Scenario(seed: 77, profile: .everything)
        let one = SimulationRun(scenario).execute()
        let other = SimulationRun(scenario).execute()
        #expect(one.traceHash == other.traceHash)
        #expect(one.answers == other.answers)
        #expect(one.trace == other.trace)
        #expect(one.traceHash != SimulationRun(Scenario(seed: 78, profile: .everything)).execute().traceHash)
    }

    @Test(arguments: Profile.allCases)
    func aClusterKeepsItsPromisesUnder(profile: Profile) async {
        let scenarios = (1...2).map { Scenario(seed: $0, profile: profile) }
        let summary = await Campaign(scenarios: scenarios, jobs: 2).run()
        for report in summary.failed {
            Issue.record("seed \(report.scenario.seed) \(profile.rawValue): \(report.failures[0])")
        }
        #expect(summary.answers > 300)
        #expect(!summary.coverage.counts.isEmpty)
    }
}
