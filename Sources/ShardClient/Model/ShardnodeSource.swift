import ClusterModel
import ShardCore
import ShardWire
import Wording

/// The source for our nodes, and for nodes of other implementations of the same API, which are watched and controlled
/// like every other cluster.
public struct ShardnodeSource: ClusterSource {
    public let polling: PollingSource

    public init(_ polling: PollingSource) { self.polling = polling }

    public var features: Features { get async { Features(await polling.capabilities) } }
    public func snapshot() async -> Cluster { Cluster(await polling.snapshot()) }
    public var outage: (any Error)? { get async { await polling.outage } }
    public func events() async -> [ClusterModel.Event] { await polling.events().map(ClusterModel.Event.init) }
    public var bytesExchanged: UInt64? { get async { await polling.bytesExchanged } }

    public func plan(_ goal: Goal) async throws -> Plan {
        switch goal {
        case .shardCount(let count, _, _): return Plan(try await polling.planReshard(shardCount: count))
        case .addMember(let member, let shard?): return try Self.plan(adding: member, to: shard, in: await snapshot())
        case .removeMember(let member): return try Self.plan(removing: member, from: await snapshot())
        case .addMember, .rebalance, .move, .failover, .repair: throw Self.unknown(goal)
        }
    }

    public func perform(_ goal: Goal, seen plan: Plan?) async throws {
        switch goal {
        case .shardCount(let count, let isForced, let isStepped):
            if let plan, !(try await self.plan(goal).doesTheSame(as: plan)) {
                throw ClientError.planOutdated
            }
            try await polling.reshard(shardCount: count, force: isForced, isStepped: isStepped)
        case .addMember(let member, let shard?):
            try await polling.addMember(try Self.address(of: member), shard: shard)
        case .removeMember(let member):
            let address = try Self.address(of: member)
            _ = try Self.plan(removing: member, from: await snapshot())
            try await polling.removeFromView(address)
        case .addMember, .rebalance, .move, .failover, .repair: throw Self.unknown(goal)
        }
    }

    public func abort() async throws { try await polling.abortReshard() }

    public func setPace(keysPerSecond: Int?) async throws {
        throw ClientError.notSupported("a shardnode's rate is set when it is started, with --reshard-rate")
    }

    public func step(_ order: StepOrder) async throws {
        let command: StepCommand =
            switch order {
            case .on: .on
            case .next: .next
            case .off: .off
            }
        try await polling.stepReshard(command)
    }

    public func locate(key: String) async throws -> KeyPlace {
        let location = try await polling.locate(key: key)
        return KeyPlace(location, under: await polling.lastSnapshot.reshard)
    }

    /// The plan for adding a node, as the nodes decide it.
    ///
    /// - Throws: an error if they would refuse it.
    public static func plan(adding member: MemberID, to shard: ShardID, in cluster: Cluster) throws -> Plan {
        guard let target = cluster.shards.first(where: { $0.id == shard }) else {
            let known = cluster.shards.prefix(8).map { "\($0.id)" }.joined(separator: ", ")
            throw ClientError.notSupported("there is no shard \(shard); there are \(known)")
        }
        let home = cluster.member(member)?.shard
        if let home, home != shard { throw ClientError.notSupported("\(member) is in shard \(home) already") }
        var plan = Plan(name: "add a node")
        guard home == nil else { return plan }
        plan.steps = ["\(member) becomes a member of shard \(shard)"]
        if let keys = target.keys { plan.steps[0] += ", and copies its \(Figures.plural(keys, "key"))" }
        return plan
    }

    /// The plan for taking a node that is in no shard out of the view.
    ///
    /// - Throws: an error for a node in a shard. The nodes themselves would change the layout to take it out.
    public static func plan(removing member: MemberID, from cluster: Cluster) throws -> Plan {
        guard let known = cluster.member(member) else {
            throw ClientError.notSupported("\(member) is not in the view of the cluster")
        }
        if let shard = known.shard {
            throw ClientError.notSupported(
                "\(member) is in shard \(shard) and holds its keys: only a node in no shard is taken out; where it is gone "
                    + "for good, start an empty node at its address")
        }
        guard known.isShardTold, !cluster.shards.isEmpty else {
            throw ClientError.notSupported("no node tells whether \(member) is in a shard, so it may hold keys")
        }
        var plan = Plan(name: "remove a node")
        plan.steps = ["\(member) leaves the view"]
        if known.absence == .perhapsWrites {
            plan.warnings = [
                "\(member) went before the layout changed, and may have writes that the others lack: start it again first"
            ]
        }
        return plan
    }

    private static func address(of member: MemberID) throws -> NodeAddress {
        guard let address = NodeAddress(member) else {
            throw ClientError.notSupported("'\(member)' is not an address of the form host:port")
        }
        return address
    }

    private static func unknown(_ goal: Goal) -> ClientError {
        .notSupported("'\(goal.words)' is not something that these nodes can do")
    }
}
