import ShardCore
import ShardSim
import Testing

/// `shardsim --plants` looks for every mistake that is made on purpose; here are some that are found soon.
@Suite struct PlantedBugTests {
    @Test(arguments: [PlantedBug.answersWithoutKeeping, .tombstonesStay, .contextsWaitForEver])
    func aPlantedBugIsFound(_ bug: PlantedBug) async throws {
        let plant = try #require(Plant.all.first { $0.bug == bug })
        let finding = await LongWork.run { plant.find() }
        #expect(finding.found != nil, "found instead: \(finding.others.map(\.rawValue).sorted())")
    }

    @Test func everyPlantedBugIsLookedFor() {
        // They show once in hundreds or thousands of seeds, or in no profile: a test of its own looks for each.
        // docs/findings.md names those tests.
        let others: Set<PlantedBug> = [
            .lateChangesCount, .readsTellTheUnconfirmed, .tombstonesGoDuringReshards, .forcesPassOverTheReturned,
            .tombstonesGoBeforeTheirCauses, .joinersStayBehind,
        ]
        #expect(Set(Plant.all.map(\.bug)) == Set(PlantedBug.allCases).subtracting(others))
    }

    @Test func aFailureShrinksToFewerStepsAndStillFails() async {
        let scenario = Scenario(seed: 2, profile: .lossy)
        let (report, smaller) = await LongWork.run {
            let report = SimulationRun(scenario, plantedBug: .lostBatchesStayLost).execute()
            return (report, SimulationRun.shrink(report, runsMax: 20, plantedBug: .lostBatchesStayLost))
        }
        #expect(smaller.failures.first?.property == report.failures.first?.property)
        #expect(smaller.scenario.steps.count < scenario.steps.count)
    }
}
