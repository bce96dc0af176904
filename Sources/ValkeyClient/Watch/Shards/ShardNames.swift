import ClusterModel

/// The names of shards: the first digits of the id that their nodes give them, or, where they give none, of their
/// primary's id. A shard keeps its name when a replica of it becomes the primary.
public struct ShardNames: Hashable, Sendable {
    private static let digitsMin = 4

    /// By node, replicas too, as the servers tell.
    private var told: [NodeID: NodeID] = [:]
    /// Of primaries, what they were named by, and the name: once given it stays.
    private var origins: [NodeID: NodeID] = [:]
    private var names: [NodeID: ShardID] = [:]
    private var hasAsked: Set<NodeID> = []

    public init() {}

    /// The name of the shard of a node that is a primary now; nil of others.
    func given(to primary: NodeID) -> ShardID? { origins[primary].flatMap { names[$0] } }

    /// The name of a primary's shard; of one that has no slots, what it would be.
    public func id(of primary: NodeID) -> ShardID {
        names[origins[primary] ?? told[primary] ?? primary] ?? Self.shortened(primary, digits: Self.digitsMin)
    }

    /// The same while a change is under way: a replica that has taken its primary's place since has its shard's name.
    func id(of primary: NodeID, since before: Topology?, now: Topology) -> ShardID {
        guard let was = before?.nodes[primary], was.isReplica, let old = was.primary,
            now.nodes[primary]?.isReplica == false, now.nodes[old].map({ $0.isReplica || $0.slots.isEmpty }) ?? true
        else { return id(of: primary) }
        return id(of: old)
    }

    /// Takes in what servers tell of their shards. Names that were given for that stay; one that was given before anything
    /// was told of a shard gives way to what others will call it.
    mutating func learn(_ shards: ShardIDs, of topology: Topology?) {
        told.merge(shards.shards) { $1 }
        hasAsked.formUnion(topology?.nodes.keys.map(\.self) ?? [])
        for (primary, origin) in origins.sorted(by: { $0.key < $1.key }) where origin == primary {
            guard let id = told[primary], !origins.values.contains(id) else { continue }
            origins[primary] = id
        }
        nameOrigins()
    }

    /// Whether nodes are there whose shards' ids were not asked for.
    func lacksAny(of topology: Topology?) -> Bool {
        topology?.nodes.values.contains { told[$0.id] == nil && !hasAsked.contains($0.id) && !$0.isInHandshake } ?? true
    }

    /// Names the primaries of a topology.
    mutating func follow(from before: Topology?, to now: Topology) {
        if let before { hand(over: before, now) }
        origins = origins.filter { now.nodes[$0.key] != nil }
        var taken = Set(origins.values)
        for primary in now.primaries where origins[primary.id] == nil && !primary.isInHandshake {
            let origin = told[primary.id].flatMap { taken.contains($0) ? nil : $0 } ?? primary.id
            taken.insert(origin)
            origins[primary.id] = origin
        }
        nameOrigins()
    }

    private mutating func hand(over before: Topology, _ now: Topology) {
        var heirs: Set<NodeID> = []
        for node in now.nodes.values where !node.isReplica && !node.slots.isEmpty {
            guard let was = before.nodes[node.id], was.isReplica, let primary = was.primary,
                now.nodes[primary].map(\.slots.isEmpty) ?? true, let origin = origins.removeValue(forKey: primary)
            else { continue }
            origins[node.id] = origin
            heirs.insert(node.id)
        }
        // Whatever was told of the shard of a node that has changed its shard otherwise is old.
        for node in now.nodes.values where !heirs.contains(node.id) {
            guard let was = before.nodes[node.id], was.isReplica != node.isReplica || was.primary != node.primary else {
                continue
            }
            told[node.id] = nil
            hasAsked.remove(node.id)
            if node.isReplica { origins[node.id] = nil }
        }
    }

    private mutating func nameOrigins() {
        let origins = Set(origins.values)
        names = names.filter { origins.contains($0.key) }
        var taken = Set(names.values)
        for origin in origins.sorted() where names[origin] == nil {
            let name = (Self.digitsMin...40).lazy.map { Self.shortened(origin, digits: $0) }.first {
                !taken.contains($0)
            }
            names[origin] = name
            if let name { taken.insert(name) }
        }
    }

    private static func shortened(_ id: NodeID, digits: Int) -> ShardID {
        ShardID(text: String(id.description.prefix(digits))) ?? 0
    }
}
