/// A mistake that a replica makes on purpose, to check that the simulator finds every one of them.
///
/// Each breaks one of the properties that the simulator watches. It is made at one place, and only if
/// ``ReplicaConfiguration/plantedBug`` names it.
public enum PlantedBug: String, Sendable, CaseIterable {
    /// Some writes are answered and not kept.
    case answersWithoutKeeping
    /// Changes made since the collate are not passed on.
    case changesAreNotPassedOn
    /// Nodes wait for a dead coordinator for ever.
    case leasesNeverEnd
    /// A voter forgets what it accepted as soon as it is asked for another promise.
    case votersForget
    /// Entries that this node holds and no longer owns are dropped.
    case handOnIsForgotten
    /// Entries handed on replace newer ones.
    case handedOnEntriesReplaceNewer
    /// A node takes its peers' vectors for its own and answers before it has fetched the data.
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
    /// Tombstones are forgotten although some node may not know of the deletion.
    case tombstonesGoEarly
    /// Tombstones are forgotten although some node may still bring back the deleted entry.
    case tombstonesGoDuringReshards
    /// Tombstones are forgotten although the writes that the deletion depends on are not everywhere yet.
    case tombstonesGoBeforeTheirCauses
    /// Timestamps are the wall clock's and nothing else.
    case timestampsIgnoreContext
    /// A node that starts again goes on under its old name, from 1.
    case countersStartOver
    /// A batch that is lost is not sent again, nor fetched.
    case lostBatchesStayLost
    /// A write is answered before as many members hold it as were asked for.
    case acksAreNotAwaited
    /// Changes that come late from an earlier round are taken for the changes up to the freeze.
    case lateChangesCount
    /// A forced change goes on without a member of the layout that has come back.
    case forcesPassOverTheReturned
    /// A member asked by a node that finishes for a silent coordinator is bound to that node, as to the coordinator.
    case recoveriesBind
    /// A read returns a write that fewer members hold than were asked for.
    case readsTellTheUnconfirmed
    /// Messages that rest on the disk leave the node before the change is on it.
    case answersBeforeTheDisk
    /// A node that starts without its memory votes at once, as if it had never voted.
    case restartedVotersVote
    /// A forwarded write that the network delivers twice is refused as outdated the second time, and so written again.
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
    /// A node answers reads of keys that it no longer owns.
    case answersAfterGivingUp
    /// Writes of older epochs that a context names never count as met.
    case contextsWaitForEver
    /// A crash leaves half of a commit on the disk.
    case commitsAreTorn
    /// Changes go to the disk long after they were made.
    case commitsAreLate
    /// A shard none of whose members is whole waits for one that is.
    case lostShardsWaitForEver
    /// A write that died with its node is taken for lost although an open change may still bring it.
    case openChangesBringNothing
    /// Messages under another cluster's id are believed.
    case strangersAreBelieved
    /// A member that starts waits for one that fetches, which waits for all to fetch.
    case startsWaitInCircles
    /// A start with a lower number than an earlier one of its address is ignored for ever.
    case earlierStartsStayIgnored
    /// A node without a place stays with a cluster that is gone and whose members' addresses belong to another one.
    case joinersStayBehind
    /// A node is not told of an earlier start of its own that is known only from writes that others keep.
    case namedStartsAreNotTold
    /// Messages of peers are taken in however far they are from all that is known.
    case boundsAreNotKept
    /// A write keeps dependencies that its context names and nobody has confirmed.
    case contextsAreKeptUnconfirmed
    /// A member that is not whole serves what it has as soon as it finds nobody to fetch from.
    case servesWhatIsLeftAtOnce
}
