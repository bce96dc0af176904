import ShardCore
import ShardSim
import Testing

/// The simulator finds every mistake that is made on purpose, within a stated number of seeds.
@Suite struct PlantedBugTests {
    struct Plant: Sendable, CustomTestStringConvertible {
        let bug: PlantedBug
        let profile: Profile
        /// The seeds within which it is found. Where they do not begin at 1, earlier ones are slow to come to it.
        let seeds: ClosedRange<UInt64>

        init(_ bug: PlantedBug, _ profile: Profile, _ seeds: ClosedRange<UInt64>) {
            self.bug = bug
            self.profile = profile
            self.seeds = seeds
        }

        var testDescription: String { "\(bug.rawValue) under \(profile.rawValue)" }
    }

    static let plants: [Plant] = [
        Plant(.answersWithoutKeeping, .reshard, 1...10),
        Plant(.changesAreNotPassedOn, .reshard, 1...10),
        Plant(.leasesNeverEnd, .coordinator, 1...10),
        Plant(.votersForget, .decision, 1...20),
        Plant(.handOnIsForgotten, .partition, 19...19),
        Plant(.handedOnEntriesReplaceNewer, .partition, 56...57),
        Plant(.servesBeforeFetching, .crash, 8...14),
        Plant(.refusedWritesAreKept, .reshard, 1...5),
        Plant(.nodeInTwoShards, .reshard, 1...10),
        Plant(.returningNodesAreIgnored, .pause, 1...10),
        Plant(.readsIgnoreContext, .lossy, 1...5),
        Plant(.oldContextsCountAsMet, .partition, 112...113),
        Plant(.tombstonesGoEarly, .partition, 1...10),
        Plant(.tombstonesGoDuringReshards, .amnesia, 65...65),
        Plant(.timestampsIgnoreContext, .clock, 1...5),
        Plant(.countersStartOver, .crash, 1...5),
        Plant(.lostBatchesStayLost, .lossy, 1...5),
        Plant(.acksAreNotAwaited, .acks, 1...9),
        Plant(.answersBeforeTheDisk, .sync, 1...3),
        Plant(.restartedVotersVote, .amnesia, 1...3),
        Plant(.doubledForwardsAreNew, .lossy, 73...73),
    ]

    @Test(arguments: plants)
    func aPlantedBugIsFound(_ plant: Plant) async {
        let isFound = await LongWork.run {
            plant.seeds.contains { seed in
                let scenario = Scenario(seed: seed, profile: plant.profile)
                return !SimulationRun(scenario, traceLinesMax: 0, plantedBug: plant.bug).execute().failures.isEmpty
            }
        }
        #expect(isFound, "\(plant.bug.rawValue) is not found by seeds \(plant.seeds)")
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
