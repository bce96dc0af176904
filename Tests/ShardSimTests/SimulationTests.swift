import ShardCore
import ShardSim
import Testing

/// Runs from seeds: the same ones as `shardsim`, few enough for every build.
@Suite struct SimulationTests {
    @Test func theSameSeedGivesTheSameRun() {
        let scenario = Scenario(seed: 77, profile: .lossy)
        let one = SimulationRun(scenario).execute()
        let other = SimulationRun(scenario).execute()
        #expect(one.traceHash == other.traceHash)
        #expect(one.answers == other.answers)
        #expect(one.traceHash != SimulationRun(Scenario(seed: 78, profile: .lossy)).execute().traceHash)
    }
}
