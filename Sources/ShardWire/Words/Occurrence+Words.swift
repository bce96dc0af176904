import ShardCore
import Wording

extension Occurrence {
    /// For operators: in events, logs and plays.
    public var text: String {
        switch fact {
        case .cameUp: "\(node) is up"
        case .left: "\(node) left"
        case .wentSilent(let milliseconds): "\(node) is down: silent for over \(milliseconds / 1_000) s"
        case .wasPutIntoView: "\(node) was put into the view"
        case .wasTakenOutOfView: "\(node) was taken out of the view"
        case .foundedCluster(let id): "the cluster is founded: its id is \(id)"
        case .belongsElsewhere(let id):
            "\(node) belongs to another cluster, \(id): nothing of it is believed, and this one goes on by itself"
        case .wasFoundedWith(let difference): "\(node) was started with \(difference)"
        case .joinsRunningCluster(let other, let difference):
            "\(node) joins the running cluster of \(other), which counts it as a member"
                + (difference.map { "; its own settings are not used: \(other) was started with \($0)" } ?? "")
        case .joinsInsteadOfLost(let other):
            "\(node) joins the cluster of \(other): the members of its own one belong to that now, and it held nothing of it"
        case .startsAbove(let other):
            "\(other) knows of a later start of \(node), which is over: the clock here was behind; "
                + "this start counts as the latest from now on"
        case .yieldsToTwin(let other):
            "another process runs under the address \(node), as \(other) hears: this one serves no more; stop one of the two"
        case .runsTwice:
            "two processes run under the address \(node): the one that started last counts, the other gives way; stop one of "
                + "the two"
        case .startedChange(let goal, let operation): "\(goal) started as \(operation)"
        case .enteredPhase(let goal, let phase): "\(words(goal)): \(phase.rawValue)"
        case .finishedChange(let goal, let epoch): "\(goal) done: epoch \(EpochNumber.words(epoch))"
        case .forcesChange(let goal): "\(goal) is forced: there is no majority to ask"
        case .startsOver(let goal, let failure): "\(goal) starts over: \(failure)"
        case .failedChange(let goal, let refusal): "\(words(goal)) failed: \(refusal.cause)"
        case .lostItsLease(let milliseconds, let epoch):
            "no word of coordinator \(node) for \(milliseconds) ms; "
                + "the layout of epoch \(EpochNumber.words(epoch)) stays in force"
        case .isFinishedFor: "coordinator \(node) is silent; finishing for it"
        case .hasVotesAgain: "\(node) has its votes back, and with them a proposal to be finished"
        case .serves(let shard, let origin): "\(node) serves shard \(shard ?? -1)\(words(origin))"
        case .catchesUp(let reason): "\(node): \(words(reason))"
        case .adoptedLayout(let epoch, let shardCount, let seed):
            "\(node) is in epoch \(EpochNumber.words(epoch)): \(Plural.words(shardCount, "shard")), seed \(seed)"
        case .rescuesShard(let shard):
            "all members of shard \(shard ?? -1) lost its data; \(node) gathers what each still has"
        case .handedOnAll: "\(node) handed on all entries that other shards own"
        case .disk(let isWritable):
            isWritable
                ? "\(node) can write to its disk again; it takes writes"
                : "\(node) cannot write to its disk; it refuses writes, and reads go on"
        case .stopsWithUnconfirmedWrites: "\(node) stops although not every member has confirmed its writes"
        case .disbelieves(let reason):
            "\(node) said what cannot be true: \(words(reason)); such messages are not taken in, only counted. "
                + "Look whether that node is what it should be, and who else reaches the port of the nodes"
        }
    }

    private func words(_ reason: Disbelief) -> String {
        switch reason {
        case .epoch: "the number of a layout that no node can have"
        case .round: "a round of votes that nobody has come to"
        case .count: "a count that nobody has come to"
        case .start: "a start that no node can have made"
        case .timestamp: "a time more than ten years ahead"
        case .layout: "a list or a layout that no cluster has"
        case .sender: "what another node has to say"
        }
    }

    private func words(_ goal: ChangeGoal?) -> String { goal?.description ?? "change" }

    private func words(_ origin: DataOrigin) -> String {
        switch origin {
        case .nowhere: ""
        case .disk(let keys): " from its disk: \(Plural.words(keys, "key"))"
        case .members(let entries): " after fetching \(Plural.words(entries, "entry"))"
        }
    }

    private func words(_ reason: CatchUpReason) -> String {
        switch reason {
        case .shardWasServing: "its shard has been serving; fetching its data"
        case .othersFetch: "its shard's other members have lost its data, or are about to fetch it; fetching it too"
        case .layoutChanged(let epoch):
            "the layout changed to epoch \(EpochNumber.words(epoch)) without it; fetching its shard's data"
        case .diskWasNotWhole: "its disk was not whole; fetching its shard's data"
        case .missedDeletions(let source):
            "\(source) has forgotten deletions that it did not know of; fetching its shard's data anew"
        }
    }
}
