import ShardCore
import Wording

/// The words for changes of the layout.
extension ChangeGoal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .reshard(let count): "reshard to \(Plural.words(count, "shard"))"
        case .addMember(let node, let shard): "adding \(node) to shard \(shard)"
        case .removeMember(let node): "removing \(node)"
        }
    }
}

extension ChangeReport {
    /// The figures, with the words for what the change waits for and why it failed.
    public var told: ReshardProgress {
        var told = progress
        told.waitingFor = awaited?.description
        told.error = refusal?.cause
        return told
    }
}

extension Awaited: CustomStringConvertible {
    public var description: String {
        switch self {
        case .promises(let nodes): "the promise of \(nodes.list)"
        case .votes(let nodes): "\(nodes.list) to learn of its votes"
        case .keys(let shard, let source): "keys of shard \(shard) from \(source)"
        case .confirmation(let node): "\(node) to confirm its portion"
        case .layoutSwitch(let node): "\(node) to switch"
        }
    }
}

extension ChangeFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .aborted: "aborted by an operator"
        case .noPromise(let node): "no promise from \(node), which is up"
        case .overtaken: "another change of the layout came first"
        case .wentDown(let nodes): "\(nodes.list) went down during it"
        case .cameBack(let node): "\(node) came back during it"
        case .tookNoPart(let node): "\(node) no longer takes part"
        case .isBoundHigher(let node): "\(node) is bound to a higher ballot"
        case .didNotFreeze(let node): "\(node) did not freeze"
        case .didNotBecomeEqual: "the members did not become equal"
        case .lastChangesLate: "the last changes did not come in time"
        case .tooFewAccepted: "too few members accepted in time"
        case .earlierFirst: "an earlier change had to be finished first"
        case .planUnanswered: "a shard did not answer, or the layout changed"
        case .keysNotCounted: "a shard did not count its keys in time"
        }
    }
}

extension [NodeAddress] {
    fileprivate var list: String { map(\.description).joined(separator: ", ") }
}
