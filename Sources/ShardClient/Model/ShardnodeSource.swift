import ClusterModel
import ShardCore
import ShardWire

/// Our nodes, and nodes of other implementations of the same API, as every other cluster is watched and controlled.
public struct ShardnodeSource: ClusterSource {
    public let polling: PollingSource

    public init(_ polling: PollingSource) { self.polling = polling }

    public var features: Features { get async { Features(await polling.capabilities) } }
    public func snapshot() async -> Cluster { Cluster(await polling.snapshot()) }
    public var outage: (any Error)? { get async { await polling.outage } }
    public func events() async -> [ClusterModel.Event] { await polling.events().map(ClusterModel.Event.init) }
    public var bytesExchanged: UInt64? { get async { await polling.bytesExchanged } }

    public func plan(_ goal: Goal) async throws -> Plan {
        guard case .shardCount(let count, _, _) = goal else { throw Self.unknown(goal) }
        return Plan(try await polling.planReshard(shardCount: count))
    }

    public func perform(_ goal: Goal, seen plan: Plan?) async throws {
        switch goal {
        case .shardCount(let count, let isForced, let isStepped):
            if let plan, !(try await self.plan(goal).doesTheSame(as: plan)) {
                throw ClientError.planOutdated
            }
            try await polling.reshard(shardCount: count, force: isForced, isStepped: isStepped)
        case .addMember(let member, let shard?):
            guard let address = NodeAddress(member) else {
                throw ClientError.notSupported("'\(member)' is not an address of the form host:port")
            }
            try await polling.addMember(address, shard: shard)
        case .addMember, .rebalance, .move, .removeMember, .failover, .repair: throw Self.unknown(goal)
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

    private static func unknown(_ goal: Goal) -> ClientError {
        .notSupported("'\(goal.words)' is not something that these nodes can do")
    }
}
