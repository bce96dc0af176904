/// Something worth telling an operator, as the replica saw it happen: a fact. Its words are made where it is told.
public struct Occurrence: Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
        case nodeUp, nodeDown, nodeAdded, nodeRemoved, memberAdded
        case reshardStarted, reshardPhase, reshardDone, reshardFailed
        case clusterFounded, serving, catchingUp, layoutAdopted, handedOn, warning
        /// Nothing is wrong, and an operator wants to know all the same.
        case notice
    }

    /// Something that happened to the node, or that it did.
    public enum Fact: Hashable, Sendable {
        case cameUp, left
        case wentSilent(milliseconds: UInt64)
        case wasPutIntoView, wasTakenOutOfView

        /// The founders have agreed on the cluster's id for good.
        case foundedCluster(ClusterID)
        case belongsElsewhere(ClusterID)
        /// It belongs to another cluster, as it was given other settings to found one with.
        case wasFoundedWith(FoundingSettings.Difference)
        /// A running cluster counts it as a member, whatever its own settings say.
        /// Its own cluster is gone, and this one's members have the addresses.
        case joinsInsteadOfLost(of: NodeAddress)
        case joinsRunningCluster(of: NodeAddress, FoundingSettings.Difference?)
        /// An earlier start of it had a higher incarnation, so this one goes on above that.
        case startsAbove(toldBy: NodeAddress)
        case yieldsToTwin(heardBy: NodeAddress)
        /// Two starts of it go on to be heard beside each other.
        case runsTwice

        case startedChange(ChangeGoal, OperationID)
        /// The goal is nil if nobody waits for the change any more.
        case enteredPhase(ChangeGoal?, ReshardProgress.Phase)
        case finishedChange(ChangeGoal, epoch: UInt64)
        case forcesChange(ChangeGoal)
        case startsOver(ChangeGoal, ChangeFailure)
        case failedChange(ChangeGoal?, Refusal)
        /// Nothing more was heard of it while it coordinated a change; the layout of the epoch given stays in force.
        case lostItsLease(milliseconds: UInt64, epoch: UInt64)
        /// It coordinates a change and is silent; another node finishes what may be decided.
        case isFinishedFor
        /// It learned of its votes again, and of a proposal among them that has to be finished.
        case hasVotesAgain

        case serves(shard: Int?, DataOrigin)
        case catchesUp(CatchUpReason)
        case adoptedLayout(epoch: UInt64, shardCount: Int, seed: UInt64)
        /// All members of its shard lost what they had; it gathers what is left.
        case rescuesShard(Int?)
        case handedOnAll
        case disk(isWritable: Bool)
        case stopsWithUnconfirmedWrites
        /// It said something that cannot be true.
        case disbelieves(Disbelief)
    }

    /// The source of the data with which a node begins to serve.
    public enum DataOrigin: Hashable, Sendable {
        case nowhere
        case disk(keys: Int)
        case members(entries: Int)
    }

    public enum CatchUpReason: Hashable, Sendable {
        case shardWasServing
        /// Its shard's other members fetch its data, or wait for each other.
        case othersFetch
        case layoutChanged(epoch: UInt64)
        case diskWasNotWhole
        /// The member given has forgotten deletions that the node knows nothing of.
        case missedDeletions(NodeAddress)
    }

    public let node: NodeAddress
    public let fact: Fact

    public init(_ node: NodeAddress, _ fact: Fact) {
        self.node = node
        self.fact = fact
    }

    public var kind: Kind {
        switch fact {
        case .cameUp: .nodeUp
        case .left, .wentSilent: .nodeDown
        case .wasPutIntoView: .nodeAdded
        case .wasTakenOutOfView: .nodeRemoved
        case .startedChange: .reshardStarted
        case .enteredPhase: .reshardPhase
        case .finishedChange: .reshardDone
        case .failedChange, .lostItsLease: .reshardFailed
        case .foundedCluster: .clusterFounded
        case .serves: .serving
        case .catchesUp: .catchingUp
        case .adoptedLayout: .layoutAdopted
        case .handedOnAll: .handedOn
        case .belongsElsewhere, .wasFoundedWith, .joinsRunningCluster, .joinsInsteadOfLost, .startsAbove, .yieldsToTwin,
            .runsTwice, .forcesChange, .startsOver, .isFinishedFor, .hasVotesAgain, .rescuesShard, .disk,
            .stopsWithUnconfirmedWrites, .disbelieves:
            .warning
        }
    }
}
