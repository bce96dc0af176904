/// Mistakes that a replica makes on purpose, so that the simulator can be checked: it must find every one of them.
///
/// Each breaks one of the properties that the simulator watches, is made at one place, and only where
/// ``ReplicaConfiguration/plantedBug`` says so.
public enum PlantedBug: String, Sendable, CaseIterable {
    /// Some writes are answered and not kept.
    case answersWithoutKeeping
    /// What changed since the collate is not passed on.
    case changesAreNotPassedOn
    /// A dead coordinator is waited for, for ever.
    case leasesNeverEnd
    /// A voter forgets what it accepted as soon as it is asked for another promise.
    case votersForget
    /// What this node holds and no longer owns is dropped.
    case handOnIsForgotten
    /// Entries handed on replace newer ones.
    case handedOnEntriesReplaceNewer
    /// A node takes its peers' knowledge for its own and answers before it has fetched the data.
    case servesBeforeFetching
    /// A write under a context that is refused is kept all the same.
    case refusedWritesAreKept
    /// A reshard places a node in two shards.
    case nodeInTwoShards
    /// A node that was down once gets no more heartbeats.
    case returningNodesAreIgnored
    /// Reads do not wait for what their context names.
    case readsIgnoreContext
    /// Contexts of older epochs count as met.
    case oldContextsCountAsMet
    /// Tombstones are forgotten without asking who knows of them.
    case tombstonesGoEarly
    /// Tombstones are forgotten without asking who may still bring back what they delete.
    case tombstonesGoDuringReshards
    /// Tombstones are forgotten although what the deletion depends on is not everywhere yet.
    case tombstonesGoBeforeTheirCauses
    /// Timestamps are the wall clock's and nothing else.
    case timestampsIgnoreContext
    /// A node that starts again goes on under its old name, from 1.
    case countersStartOver
    /// A batch that is lost is not sent again, nor fetched.
    case lostBatchesStayLost
    /// A write is answered before as many members hold it as were asked for.
    case acksAreNotAwaited
    /// What changed since the collate, told late, is taken for what changed until the freeze.
    case lateChangesCount
    /// A forced change goes on without a member of the layout that has come back.
    case forcesPassOverTheReturned
    /// Whoever is asked by one that finishes for a silent coordinator is bound to it, as to the coordinator.
    case recoveriesBind
    /// A read tells of a write that fewer members hold than were asked for.
    case readsTellTheUnconfirmed
    /// What rests on the disk leaves the node before it is there.
    case answersBeforeTheDisk
    /// A node that starts without its memory votes at once, as if it had never voted.
    case restartedVotersVote
    /// A write that the network brings twice is turned down as outdated the second time, and so written again.
    case doubledForwardsAreNew
    /// Some keys are gone after a reshard, on every node alike.
    case keysVanish
    /// Writes are refused in a freeze.
    case freezesRefuse
    /// Reads wait for the end of a freeze.
    case freezesStopReads
    /// Tombstones are never forgotten.
    case tombstonesStay
    /// A layout that comes late or twice is put into force once more.
    case lateInstallsAreTaken
    /// A node answers reads of keys that it owns no more.
    case answersAfterGivingUp
    /// What a context names of older epochs never counts as met.
    case contextsWaitForEver
    /// A crash leaves a half of what was being written to the disk.
    case commitsAreTorn
    /// Changes go to the disk long after they were made.
    case commitsAreLate
    /// A shard none of whose members is whole waits for one that is.
    case lostShardsWaitForEver
    /// What died with a node is taken for lost while an open change may bring it.
    case openChangesBringNothing
    /// What comes under another cluster's id is believed.
    case strangersAreBelieved
    /// A member that starts waits for one that fetches, which waits for all to fetch.
    case startsWaitInCircles
    /// A start with a lower number than an earlier one of its address is ignored for ever.
    case earlierStartsStayIgnored
    /// A node without a place stays with its cluster where that is gone and another one has its members' addresses.
    case joinersStayBehind
    /// A start that only what others keep names is told to nobody.
    case namedStartsAreNotTold
    /// What peers say is taken in however far it is from all that is known.
    case boundsAreNotKept
    /// What a context names is kept with a write although nobody has confirmed it.
    case contextsAreKeptUnconfirmed
    /// A member that is not whole serves what it has as soon as it finds nobody to fetch from.
    case servesWhatIsLeftAtOnce
}
