import ArgumentParser

/// The engine of a demo's servers, if it does not run our own nodes.
enum DemoEngine: String, CaseIterable, ExpressibleByArgument, Sendable {
    case valkey, redis
}

/// The size of a demo, and how its nodes are divided into shards.
struct DemoSize: Sendable, Equatable {
    /// Nil for our own nodes.
    var engine: DemoEngine?
    var nodes: Int
    var shards: Int
    var keys = 10_000
    var firstPort: Int
    /// The limit of changes; nil for none.
    var keysPerSecondMax: Int?
    /// True if a node that dies loses its keys.
    var isInMemory = false
    /// True if our own nodes speak TLS and want tokens.
    var isSecure = false

    static let nodesMax = 64

    /// The usual size. Our own nodes are equals, two or more in each shard; other engines have primaries with a replica
    /// each, and some spare servers.
    init(engine: DemoEngine?, nodes: Int? = nil, shards: Int? = nil, firstPort: Int? = nil) {
        self.engine = engine
        self.nodes = nodes ?? (engine == nil ? 6 : 8)
        self.shards = shards ?? (engine == nil ? 2 : 3)
        self.firstPort = firstPort ?? (engine == nil ? 8_081 : 7_001)
    }

    /// The replicas of each primary, for engines with primaries: one, if there are enough nodes.
    var replicasEach: Int { nodes >= 2 * shards ? 1 : 0 }
    /// The servers that are in no shard at first, for engines with primaries.
    var spares: Int { nodes - shards * (1 + replicasEach) }
    /// The most shards that the nodes suffice for.
    var shardsMax: Int { engine == nil ? nodes / 2 : shards + spares }

    /// The default number of shards to reshard to: one more if there are nodes for that, else one less.
    var nextShards: Int { shards < shardsMax ? shards + 1 : max(1, shards - 1) }

    /// The reason why there can be no such demo.
    var problem: String? {
        if !(2...Self.nodesMax).contains(nodes) { return "A demo has 2 to \(Self.nodesMax) nodes." }
        if isSecure, engine != nil { return "--secure is for our own nodes." }
        let needed = engine == nil ? "each needs two" : "each needs a primary"
        if shards < 1 || (engine == nil ? nodes / 2 : nodes) < shards {
            return "\(nodes) nodes are too few for \(shards) shards: \(needed)."
        }
        return nil
    }

    /// The reason why the demo cannot reshard to that many.
    func problem(reshardTo shardCount: Int) -> String? {
        if (1...max(1, shardsMax)).contains(shardCount) { return nil }
        return engine == nil
            ? "\(nodes) nodes are too few to reshard to \(shardCount): each shard needs two."
            : "The demo has a primary for 1 to \(shardsMax) shards; more nodes are spare ones."
    }
}
