import ClusterModel
import Wording

/// The choices that a draft offers, in the cluster as it is now.
extension GoalDraft {
    /// - Parameter name: writes a shard's id.
    func fields(in cluster: Cluster, name: (ShardID) -> String = \.description) -> [Field] {
        switch self {
        case .rebalance(let measure):
            return [Field(label: "by", shown: measure.rawValue, words: "as even as can be between the shards")]
        case .repair(let way):
            return [Field(label: "how", shown: Self.words(way), words: Self.meaning(way))]
        case .remove(let node):
            return [Field(label: "node", shown: node?.description ?? "none", words: role(of: node, in: cluster, name))]
        case .add(let node, let shard):
            return [
                Field(label: "node", shown: node.text, isTyped: true, words: node.refusal ?? ""),
                Field(
                    label: "as", shown: shard.map { "a replica in shard \(name($0))" } ?? "a primary",
                    words: shard == nil ? "of a shard of its own, without slots at first" : ""),
            ]
        case .move(let slots, let from, let to):
            return [
                Field(label: "slots", shown: slots.text, isTyped: true, words: slots.refusal ?? ""),
                Field(
                    label: "from", shown: from.map { "shard \(name($0))" } ?? "whoever has them",
                    words: from.map { SlotText.words(of: $0, in: cluster.slots) } ?? ""),
                Field(
                    label: "to", shown: to.map { "shard \(name($0))" } ?? "none",
                    words: to.map { SlotText.words(of: $0, in: cluster.slots) } ?? ""),
            ]
        case .failover(let node, let way, let word):
            let fields = [
                Field(label: "replica", shown: node?.description ?? "none", words: role(of: node, in: cluster, name)),
                Field(label: "how", shown: way.rawValue, words: Self.meaning(way)),
            ]
            guard let wordWanted else { return fields }
            return fields + [
                Field(
                    label: "type", shown: word.text, isTyped: true, words: word.refusal ?? "\(wordWanted), to confirm")
            ]
        }
    }

    /// Takes the next or the previous choice of a field; the first one follows the last.
    mutating func step(field: Int, by step: Int, in cluster: Cluster) {
        let shards = cluster.shards.map(\.id)
        switch self {
        case .rebalance(let measure): self = .rebalance(Self.next(measure, in: Goal.Measure.allCases, step))
        case .repair(let way): self = .repair(Self.next(way, in: Goal.Repair.allCases, step))
        case .remove(let node): self = .remove(Self.nextKnown(node, in: cluster.members.map(\.id), step))
        case .add(let node, let shard):
            if field == 1 { self = .add(node: node, shard: Self.next(shard, in: [nil] + shards, step)) }
        case .move(let slots, let from, let to):
            if field == 1 { self = .move(slots: slots, from: Self.next(from, in: [nil] + shards, step), to: to) }
            if field == 2 { self = .move(slots: slots, from: from, to: Self.nextKnown(to, in: shards, step)) }
        case .failover(let node, let way, _):
            let replicas = cluster.members.filter { $0.role == .replica }.map(\.id)
            if field == 0 { self = .failover(Self.nextKnown(node, in: replicas, step), way, word: TextLine()) }
            if field == 1 {
                self = .failover(node, Self.next(way, in: Goal.Failover.allCases, step), word: TextLine())
            }
        }
    }

    /// Changes the line of a field that is typed into; returns false for any other field.
    mutating func edit(field: Int, _ change: (inout TextLine) -> Void) -> Bool {
        switch self {
        case .move(var slots, let from, let to) where field == 0:
            change(&slots)
            self = .move(slots: slots, from: from, to: to)
        case .add(var node, let shard) where field == 0:
            change(&node)
            self = .add(node: node, shard: shard)
        case .failover(let node, let way, var word) where field == 2 && way != .graceful:
            change(&word)
            self = .failover(node, way, word: word)
        default: return false
        }
        return true
    }

    private static func next<Choice: Equatable>(_ now: Choice, in all: [Choice], _ step: Int) -> Choice {
        guard let place = all.firstIndex(of: now) else { return all.first ?? now }
        return all[((place + step) % all.count + all.count) % all.count]
    }

    private static func nextKnown<Choice: Equatable>(_ now: Choice?, in all: [Choice], _ step: Int) -> Choice? {
        guard let now, all.contains(now) else { return all.first }
        return next(now, in: all, step)
    }

    private func role(of node: MemberID?, in cluster: Cluster, _ name: (ShardID) -> String) -> String {
        guard let node, let member = cluster.member(node) else { return "" }
        let shard = member.shard.map { " of shard \(name($0))" } ?? ""
        let slots = member.slots.map { ", \(Plural.words($0, "slot"))" } ?? ""
        return switch member.role {
        case .primary: "primary\(shard)\(slots)"
        case .replica: "replica\(shard)"
        case .equal: member.shard.map { "in shard \(name($0))" } ?? "in no shard"
        }
    }

    private static func words(_ way: Goal.Repair) -> String { way == .finish ? "finish" : "put back" }

    private static func meaning(_ way: Goal.Repair) -> String {
        switch way {
        case .finish: "what is on its way arrives"
        case .putBack: "every slot goes back to who had it"
        }
    }

    private static func meaning(_ way: Goal.Failover) -> String {
        switch way {
        case .graceful: "the primary hands over; nothing is lost"
        case .force: "without the primary; what it has not sent on is lost"
        case .takeover: "nobody is asked; for a cluster without a majority"
        }
    }
}
