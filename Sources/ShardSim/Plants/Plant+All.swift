import ShardCore

extension Plant {
    /// The properties of which a lost write breaks one first: its session sees it, or another that learnt of it, or the
    /// end.
    private static let loss: Set<Property> = [.answeredWriteSurvives, .readsFollowCauses, .replicasAreIdentical]

    public static let all: [Plant] = [
        Plant(.answersWithoutKeeping, .reshard, 1...3, loss),
        Plant(.changesAreNotPassedOn, .reshard, 7...13, loss.union([.deletedStaysDeleted])),
        Plant(.leasesNeverEnd, .coordinator, 1...5, [.freezesEnd]),
        Plant(.votersForget, .decision, 1...20, [.oneLayoutPerEpoch]),
        Plant(.handOnIsForgotten, .partition, 5...7, loss.union([.deletedStaysDeleted])),
        Plant(.handedOnEntriesReplaceNewer, .partition, 5...5, loss),
        Plant(.servesBeforeFetching, .crash, 1...6, loss),
        Plant(.refusedWritesAreKept, .reshard, 1...3, [.refusalsChangeNothing]),
        Plant(.nodeInTwoShards, .reshard, 1...3, [.layoutIsValid, .queuesDrain]),
        Plant(.returningNodesAreIgnored, .pause, 1...3, [.clusterConverges]),
        Plant(.readsIgnoreContext, .lossy, 1...4, [.readsFollowCauses, .deletedStaysDeleted]),
        Plant(.oldContextsCountAsMet, .partition, 1...19, [.readsFollowCauses, .deletedStaysDeleted]),
        Plant(
            .tombstonesGoEarly, .partition, 1...10,
            [.deletedStaysDeleted, .answeredWriteSurvives, .replicasAreIdentical]),
        Plant(
            .timestampsIgnoreContext, .clock, 1...5, [.laterWriteWins, .readsFollowCauses, .deletedStaysDeleted]),
        Plant(.countersStartOver, .crash, 1...3, [.countersAreUsedOnce]),
        Plant(.lostBatchesStayLost, .lossy, 1...3, [.queuesDrain, .replicasAreIdentical]),
        Plant(.acksAreNotAwaited, .acks, 17...18, [.answeredWriteSurvives]),
        Plant(.acksAreNotAwaited, .acksOnDisk, 1...6, [.answeredWriteSurvives]),
        Plant(.recoveriesBind, .force, 2810...2815, [.queuesDrain]),
        Plant(.answersBeforeTheDisk, .sync, 1...4, loss.union([.deletedStaysDeleted])),
        Plant(.restartedVotersVote, .amnesia, 1...3, [.oneLayoutPerEpoch]),
        Plant(.keysVanish, .reshard, 1...2, [.readsFollowCauses, .answeredWriteSurvives]),
        Plant(.freezesRefuse, .reshard, 1...3, [.nothingIsRefused]),
        Plant(.freezesStopReads, .reshard, 1...3, [.readsNeverStop]),
        Plant(.tombstonesStay, .reshard, 1...1, [.tombstonesGo]),
        Plant(.lateInstallsAreTaken, .lossy, 1...2, [.countersAreUsedOnce, .epochsGoForward]),
        Plant(.answersAfterGivingUp, .reshard, 1...2, [.readsFollowCauses]),
        Plant(.contextsWaitForEver, .crash, 1...1, [.writesSucceedAgain]),
        Plant(.commitsAreTorn, .batched, 1...4, [.diskIsPrefix]),
        Plant(.doubledForwardsAreNew, .forgetting, 242...242, [.deletedStaysDeleted, .readsFollowCauses]),
        Plant(.commitsAreLate, .batched, 3...3, [.diskIsInTime, .diskIsCurrent]),
        Plant(.lostShardsWaitForEver, .ruin, 1...3, [.clusterConverges]),
        Plant(.openChangesBringNothing, .forgetting, 96...96, loss),
        Plant(
            .strangersAreBelieved, .neighbours, 1...6,
            loss.union([.clustersStayApart, .oneLayoutPerEpoch, .queuesDrain, .reshardsSucceedAgain])),
        Plant(.strangersAreBelieved, .founders, 1...6, [.oneLayoutPerEpoch, .clustersStayApart]),
        Plant(.startsWaitInCircles, .rolling, 157...157, [.clusterConverges]),
        Plant(.earlierStartsStayIgnored, .rolling, 1...8, [.clusterConverges]),
        Plant(.namedStartsAreNotTold, .rolling, 44...44, [.queuesDrain]),
        Plant(.boundsAreNotKept, .liars, 1...3, [.liesChangeNothing]),
        Plant(.contextsAreKeptUnconfirmed, .liars, 1...3, [.refusalsChangeNothing, .nothingIsRefused]),
        Plant(.servesWhatIsLeftAtOnce, .crash, 25...25, loss),
    ]

    /// Looks for all plants, `jobs` at a time, and calls `onFinding` after each.
    public static func findAll(jobs: Int, onFinding: (Finding) -> Void) async {
        var waiting = all[...]
        await withTaskGroup(of: Finding.self) { group in
            func startNext() {
                guard let plant = waiting.popFirst() else { return }
                group.addTask { plant.find() }
            }
            for _ in 0..<jobs { startNext() }
            for await finding in group {
                startNext()
                onFinding(finding)
            }
        }
    }
}
