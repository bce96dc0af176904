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
        Plant(.answersWithoutKeeping, .reshard, 1...3, loss),
        Plant(.changesAreNotPassedOn, .reshard, 1...5, loss),
        Plant(.leasesNeverEnd, .coordinator, 1...5, [.freezesEnd]),
        Plant(.votersForget, .decision, 1...20, [.oneLayoutPerEpoch]),
        Plant(.handOnIsForgotten, .partition, 19...19, loss),
        Plant(.handedOnEntriesReplaceNewer, .partition, 56...57, loss),
        Plant(.servesBeforeFetching, .crash, 1...6, loss),
        Plant(.refusedWritesAreKept, .reshard, 1...3, [.refusalsChangeNothing]),
        Plant(.nodeInTwoShards, .reshard, 1...3, [.layoutIsValid]),
        Plant(.returningNodesAreIgnored, .pause, 1...3, [.clusterConverges]),
        Plant(.readsIgnoreContext, .lossy, 1...4, [.readsFollowCauses, .deletedStaysDeleted]),
        Plant(.oldContextsCountAsMet, .partition, 112...113, [.readsFollowCauses, .deletedStaysDeleted]),
        Plant(
            .tombstonesGoEarly, .partition, 1...6,
            [.deletedStaysDeleted, .answeredWriteSurvives, .replicasAreIdentical]),
        Plant(.tombstonesGoDuringReshards, .amnesia, 65...65, [.deletedStaysDeleted]),
        Plant(
            .timestampsIgnoreContext, .clock, 1...5, [.laterWriteWins, .readsFollowCauses, .deletedStaysDeleted]),
        Plant(.countersStartOver, .crash, 1...3, [.countersAreUsedOnce]),
        Plant(.lostBatchesStayLost, .lossy, 1...3, [.queuesDrain, .replicasAreIdentical]),
        Plant(.acksAreNotAwaited, .acks, 1...9, [.answeredWriteSurvives]),
        Plant(.acksAreNotAwaited, .acksOnDisk, 1...3, [.answeredWriteSurvives]),
        Plant(.answersBeforeTheDisk, .sync, 1...4, loss.union([.deletedStaysDeleted])),
        Plant(.restartedVotersVote, .amnesia, 1...3, [.oneLayoutPerEpoch]),
        Plant(.doubledForwardsAreNew, .lossy, 73...73, [.deletedStaysDeleted]),
        Plant(.keysVanish, .reshard, 1...2, [.readsFollowCauses, .answeredWriteSurvives]),
        Plant(.freezesRefuse, .reshard, 1...3, [.nothingIsRefused]),
        Plant(.freezesStopReads, .reshard, 1...3, [.readsNeverStop]),
        Plant(.tombstonesStay, .reshard, 1...1, [.tombstonesGo]),
        Plant(.lateInstallsAreTaken, .lossy, 1...2, [.countersAreUsedOnce, .epochsGoForward]),
        Plant(.answersAfterGivingUp, .reshard, 1...2, [.readsFollowCauses]),
        Plant(.contextsWaitForEver, .crash, 1...1, [.writesSucceedAgain]),
        Plant(.commitsAreTorn, .batched, 1...4, [.diskIsPrefix]),
        Plant(.commitsAreLate, .batched, 1...2, [.diskIsInTime]),
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
