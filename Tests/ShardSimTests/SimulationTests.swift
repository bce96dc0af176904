import ShardCore
import ShardSim
import Testing

/// Runs from seeds: the same ones as `shardsim`, few enough for every build.
@Suite struct SimulationTests {
    @Test func theSameSeedGivesTheSameRun() async {
        let scenario = Scenario(seed: 77, profile: .everything)
        let (one, other, another) = await LongWork.run {
            (
                SimulationRun(scenario).execute(), SimulationRun(scenario).execute(),
                SimulationRun(Scenario(seed: 78, profile: .everything)).execute()
            )
        }
        #expect(one.traceHash == other.traceHash)
        #expect(one.answers == other.answers)
        #expect(one.trace == other.trace)
        #expect(one.traceHash != another.traceHash)
    }

    @Test(arguments: [Profile.reshard, .lossy, .coordinator, .syncFaults])
    func aClusterKeepsItsPromisesUnder(profile: Profile) async {
        let scenarios = [Scenario(seed: 1, profile: profile)]
        let reports = await LongWork.run { scenarios.map { SimulationRun($0).execute() } }
        for report in reports {
            for failure in report.failures {
                Issue.record("seed \(report.scenario.seed) \(profile.rawValue): \(failure)")
            }
            #expect(report.answers > 150)
        }
    }
}
