import ArgumentParser

/// Whose servers a demo runs instead of our own nodes.
enum DemoEngine: String, CaseIterable, ExpressibleByArgument, Sendable {
    case valkey, redis
}

/// How large a demo is, and how its nodes are shared out.
struct DemoSize: Sendable, Equatable {
    /// Nil for our own nodes.
    var engine: DemoEngine?
    var nodes: Int
    var shards: Int
    var keys = 10_000
    var firstPort: Int
    /// The limit of changes; nil for none.
    var keysPerSecondMax: Int?
    /// True where a node that dies loses what it held.
    var isInMemory = false
    /// True where our own nodes speak TLS and want tokens.
    var isSecure = false

    static let nodesMax = 64

    /// The usual one: our own nodes are equals, two or more in each shard, and others have primaries with a replica each,
    /// and some to spare.
    init(engine: DemoEngine?, nodes: Int? = nil, shards: Int? = nil, firstPort: Int? = nil) {
        self.engine = engine
        self.nodes = nodes ?? (engine == nil ? 6 : 8)
        self.shards = shards ?? (engine == nil ? 2 : 3)
        self.firstPort = firstPort ?? (engine == nil ? 8_081 : 7_001)
    }

    /// Of an engine with primaries: one, where there are nodes for that.
    var replicasEach: Int { nodes >= 2 * shards ? 1 : 0 }
    /// Of an engine with primaries: what is in no shard at first.
    var spares: Int { nodes - shards * (1 + replicasEach) }
    /// There are not nodes for more shards.
    var shardsMax: Int { engine == nil ? nodes / 2 : shards + spares }

    /// What it reshards to where nobody says: one more where there are nodes for that, else one less.
    var nextShards: Int { shards < shardsMax ? shards + 1 : max(1, shards - 1) }

    /// Why there can be no such demo.
    var problem: String? {
        if !(2...Self.nodesMax).contains(nodes) { return "A demo has 2 to \(Self.nodesMax) nodes." }
        if isSecure, engine != nil { return "--secure is for our own nodes." }
        let needed = engine == nil ? "each needs two" : "each needs a primary"
        if shards < 1 || (engine == nil ? nodes / 2 : nodes) < shards {
            return "\(nodes) nodes are too few for \(shards) shards: \(needed)."
        }
        return nil
    }

    /// Why it cannot reshard to so many.
    func problem(reshardTo shardCount: Int) -> String? {
        if (1...max(1, shardsMax)).contains(shardCount) { return nil }
        return engine == nil
            ? "\(nodes) nodes are too few to reshard to \(shardCount): each shard needs two."
            : "The demo has a primary for 1 to \(shardsMax) shards; more nodes are spare ones."
    }
}
