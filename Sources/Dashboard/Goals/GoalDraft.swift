import ClusterModel
import Wording

/// A goal whose particulars are being chosen.
public enum GoalDraft: Equatable, Sendable {
    case rebalance(Goal.Measure)
    /// If `from` is nil, the slots come from whichever shards have them.
    case move(slots: TextLine, from: ShardID?, to: ShardID?)
    /// If `shard` is nil, the node becomes the primary of a new shard.
    case add(node: TextLine, shard: ShardID?)
    case remove(MemberID?)
    /// - Parameter word: the text typed to confirm a way that may lose writes.
    case failover(MemberID?, Goal.Failover, word: TextLine)
    case repair(Goal.Repair)

    /// One thing to choose, or to type.
    struct Field: Equatable, Sendable {
        var label: String
        /// The choice in words, or the text of a field that is typed into.
        var shown: String
        var isTyped = false
        /// The meaning of the choice, or the input that is expected.
        var words = ""
    }

    /// The goal if the draft is complete; else what is still missing.
    enum State: Equatable, Sendable {
        case ready(Goal)
        case incomplete(String)
    }

    /// The title of the dialog.
    var title: String {
        switch self {
        case .rebalance: "rebalance"
        case .move: "move slots"
        case .add: "add a node"
        case .remove: "remove a node"
        case .failover: "failover"
        case .repair: "repair open slots"
        }
    }

    /// The label of the button that confirms.
    var verb: String {
        switch self {
        case .rebalance: "Rebalance"
        case .move: "Move"
        case .add: "Add"
        case .remove: "Remove"
        case .failover(_, .graceful, _): "Fail over"
        case .failover(_, .force, _): "Force"
        case .failover(_, .takeover, _): "Take over"
        case .repair(.finish): "Finish"
        case .repair(.putBack): "Put back"
        }
    }

    /// The word that must be typed to confirm; nil for none.
    var wordWanted: String? {
        if case .failover(_, let way, _) = self, way != .graceful { way.rawValue } else { nil }
    }

    /// True if the wanted word is typed, or none is wanted.
    var isWordTyped: Bool {
        guard case .failover(_, _, let line) = self, let wordWanted else { return true }
        return line.text.trimmingBlanks == wordWanted
    }

    func state(in cluster: Cluster) -> State {
        switch self {
        case .rebalance(let measure): .ready(.rebalance(by: measure))
        case .repair(let way): .ready(.repair(way))
        case .remove(let node): node.map { .ready(.removeMember($0)) } ?? .incomplete("there is no node to remove")
        case .failover(let node, let way, _):
            node.map { .ready(.failover($0, way)) } ?? .incomplete("no shard has a replica")
        case .add(let node, let shard):
            MemberID(node.text).isAddress && !node.isMarred
                ? .ready(.addMember(MemberID(node.text), shard: shard)) : .incomplete("the node's address is host:port")
        case .move(let slots, let from, let to): state(ofMoving: slots, from, to, cluster)
        }
    }

    private func state(ofMoving line: TextLine, _ from: ShardID?, _ to: ShardID?, _ cluster: Cluster) -> State {
        let last = (cluster.slots?.count ?? 1) - 1
        guard let slots = SlotText.range(line.text), slots.upperBound <= last, !line.isMarred else {
            return .incomplete("the slots are a or a-b, of 0-\(last)")
        }
        guard let to else { return .incomplete("there is no shard to move them to") }
        guard from != to else { return .incomplete("they are to go to another shard") }
        return .ready(.move(slots: slots, from: from, to: to))
    }
}

/// Slots, as people write them.
enum SlotText {
    /// `a` or `a-b`.
    static func range(_ text: String) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = ends.compactMap { end in
            end.count <= 6 && end.allSatisfy { $0.isASCII && $0.isNumber } ? Int(end) : nil
        }
        guard (1...2).contains(ends.count), numbers.count == ends.count, let first = numbers.first,
            let last = numbers.last, first <= last
        else { return nil }
        return first...last
    }

    /// The slots of a shard in words: "0-5460, 5462"; of many runs only the first few.
    static func words(of shard: ShardID, in map: SlotMap?) -> String {
        let runs = map?.runs.filter { $0.shard == shard } ?? []
        guard !runs.isEmpty else { return "it has none" }
        let named = runs.prefix(3).map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
        return "it has " + named.joined(separator: ", ")
            + (runs.count > 3 ? " and \(Figures.plural(runs.count - 3, "more run"))" : "")
    }
}
