import ShardCore
import ShardSim
import Testing

/// The simulator finds every mistake that is made on purpose, within a stated number of seeds, and for the right
/// reason: by one of the properties that the mistake breaks.
@Suite struct PlantedBugTests {
    struct Plant: Sendable, CustomTestStringConvertible {
        let bug: PlantedBug
        let profile: Profile
        /// The seeds within which it is found. Where they do not begin at 1, earlier ones are slow to come to it.
        let seeds: ClosedRange<UInt64>
        /// What it breaks; the first that a run finds broken must be one of them.
        let properties: Set<Property>

        init(_ bug: PlantedBug, _ profile: Profile, _ seeds: ClosedRange<UInt64>, _ properties: Set<Property>) {
            self.bug = bug
            self.profile = profile
            self.seeds = seeds
            self.properties = properties
        }

        var testDescription: String { "\(bug.rawValue) under \(profile.rawValue)" }
    }

    /// A write that is gone shows to its session first, to another that learnt of it, or in the end.
    private static let loss: Set<Property> = [.answeredWriteSurvives, .readsFollowCauses, .replicasAreIdentical]

    static let plants: [Plant] = [
        //PLANTS
    ]

    @Test(arguments: plants)
    func aPlantedBugIsFound(_ plant: Plant) async {
        let found = await LongWork.run {
            var others: Set<Property> = []
            for seed in plant.seeds {
                let scenario = Scenario(seed: seed, profile: plant.profile)
                let report = SimulationRun(scenario, traceLinesMax: 0, plantedBug: plant.bug).execute()
                guard let first = report.failures.first?.property else { continue }
                if plant.properties.contains(first) { return (isRight: true, others: others) }
                others.insert(first)
            }
            return (isRight: false, others: others)
        }
        #expect(
            found.isRight,
            "\(plant.bug.rawValue): seeds \(plant.seeds) find \(found.others.map(\.rawValue).sorted()), not what it breaks"
        )
    }

    @Test func everyPlantedBugHasItsTest() {
        #expect(Set(Self.plants.map(\.bug)) == Set(PlantedBug.allCases))
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
