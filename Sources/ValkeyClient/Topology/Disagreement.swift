/// A point in which the nodes of a cluster differ about it. While word of a change spreads they do for a moment.
public struct Disagreement: Hashable, Sendable {
    public enum Subject: Hashable, Sendable {
        /// They give these slots to another than has them: to `owner`, or to nobody.
        case owner(slots: SlotSet, owner: NodeID?)
        /// They take the node for the replica of `primary`, or, where that is nil, for a primary.
        case role(of: NodeID, primary: NodeID?)
        /// They do not know the node at all.
        case unknown(NodeID)
        /// They take the node for failed, or, with false, do not while others do.
        case failed(NodeID, Bool)
    }

    public let subject: Subject
    /// The nodes that say so against the merged view; never empty, in the order of their ids.
    public let viewers: [NodeID]

    static func all(_ views: [NodesView], merged: Topology) -> [Disagreement] {
        var found: [Subject: [NodeID]] = [:]
        for view in views {
            for subject in subjects(view, merged: merged) { found[subject, default: []].append(view.myself) }
        }
        return found.map { Disagreement(subject: $0.key, viewers: $0.value.sorted()) }.sorted {
            ($0.subject.order, $0.viewers[0]) < ($1.subject.order, $1.viewers[0])
        }
    }

    private static func subjects(_ view: NodesView, merged: Topology) -> [Subject] {
        var found: [Subject] = []
        var unclaimed = SlotSet.all
        var seen: Set<NodeID> = []
        for node in view.nodes {
            guard let known = merged.nodes[node.id] else { continue }
            unclaimed.subtract(node.slots)
            let foreign = node.slots.subtracting(known.slots)
            if !foreign.isEmpty { found.append(.owner(slots: foreign, owner: node.id)) }
            guard !node.flags.contains(.handshake) else { continue }
            seen.insert(node.id)
            if node.isReplica != known.isReplica || node.primary != known.primary {
                found.append(.role(of: node.id, primary: node.isReplica ? node.primary : nil))
            }
            if known.isFailed != node.flags.contains(.failed), node.id != view.myself {
                found.append(.failed(node.id, !known.isFailed))
            }
        }
        let missing = unclaimed.subtracting(merged.uncovered)
        if !missing.isEmpty { found.append(.owner(slots: missing, owner: nil)) }
        for (id, node) in merged.nodes where !seen.contains(id) && !node.isInHandshake { found.append(.unknown(id)) }
        return found
    }
}

extension Disagreement.Subject {
    /// Disagreements that concern keys come first.
    fileprivate var order: Int {
        switch self {
        case .owner(let slots, _): slots.first?.number ?? 0
        case .role: HashSlot.count
        case .failed: HashSlot.count + 1
        case .unknown: HashSlot.count + 2
        }
    }
}

extension Disagreement {
    /// "127.0.0.1:7003 gives slots 0-5460 to 127.0.0.1:7001".
    public func words(_ topology: Topology) -> String {
        let name = topology.name(of:)
        let who = Self.list(viewers.map(name))
        let isOne = viewers.count == 1
        switch subject {
        case .owner(let slots, let owner):
            let whom = owner.map { viewers == [$0] ? "itself" : name($0) } ?? "nobody"
            return "\(who) \(isOne ? "gives" : "give") \(slots.words) to \(whom)" + Self.against(slots, topology)
        case .role(let node, nil):
            return "\(who) \(isOne ? "takes" : "take") \(name(node)) for a primary"
        case .role(let node, let primary?):
            return "\(who) \(isOne ? "takes" : "take") \(name(node)) for a replica of \(name(primary))"
        case .unknown(let node):
            return "\(who) \(isOne ? "does" : "do") not know \(name(node))"
        case .failed(let node, true):
            return "\(who) \(isOne ? "takes" : "take") \(name(node)) for failed"
        case .failed(let node, false):
            return "\(who) \(isOne ? "does" : "do") not take \(name(node)) for failed, others do"
        }
    }

    private static func against(_ slots: SlotSet, _ topology: Topology) -> String {
        let owners = topology.nodes.values.filter { !$0.slots.isDisjoint(with: slots) }.sorted { $0.id < $1.id }
        guard !owners.isEmpty else { return "" }
        return ", though \(slots.count == 1 ? "it is" : "they are") with "
            + list(owners.map { topology.name(of: $0.id) })
    }

    /// The first three, and how many besides.
    static func list(_ names: [String]) -> String {
        guard names.count > 1 else { return names.first ?? "nobody" }
        guard names.count > 3 else {
            return names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
        }
        return names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more"
    }
}

extension SlotSet {
    /// "slot 93", "slots 0-5460,10923 and 12 more".
    public var words: String { (count == 1 ? "slot " : "slots ") + text(rangesMax: 3) }

    /// The same with what is said of one, or of more.
    func saying(_ ofOne: String, _ ofMore: String) -> String { words + " " + (count == 1 ? ofOne : ofMore) }
}
