import ShardCore
import ShardWire

extension ClusterOverview {
    /// From nodes that tell their whole state. The layout shown is the newest that a node in reach has.
    init(full: [(ClusterSnapshot.Node, NodeState)], _ snapshot: ClusterSnapshot) {
        self.init()
        let reachable = full.filter(\.0.isReachable)
        let known = reachable.isEmpty ? full : reachable
        guard let reference = known.map(\.1.replica).max(by: { $0.epoch < $1.epoch }) else { return }
        epoch = reference.epoch
        seed = reference.seed
        placement = reference.placement
        let states = Dictionary(full.map { ($0.0.address, $0.1) }, uniquingKeysWith: { first, _ in first })
        let nodes = Dictionary(snapshot.nodes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let usualView = Self.most(reachable.map { Self.view(of: $0.1.replica) }) ?? []
        let hearing = Hearing(reachable.map(\.1.replica))
        let apart = hearing.apart
        split = hearing.isSplit ? hearing.groups.map(\.count) : []
        func member(_ address: NodeAddress, _ shard: ShardID?) -> Member {
            let state = states[address]
            let node = nodes[address]
            var member = Member(
                address: address, shard: shard,
                condition: apart.contains(address)
                    ? .cutOff : Self.condition(of: address, node, state?.replica, reference, usualView))
            member.answeredMilliseconds = node?.answeredMilliseconds
            member.problem = node?.problem
            member.keys = state?.replica.keys
            guard node?.isReachable == true else { return member }
            member.lagWrites = state?.replica.peers.filter { $0.health == .up }.compactMap(\.lagWrites).max()
            member.readsPerSecond = state?.traffic.readsPerSecond
            member.writesPerSecond = state?.traffic.writesPerSecond
            return member
        }
        shards = reference.shards.enumerated().map { index, addresses in
            let id = ShardID(index)
            let members = addresses.map { member($0, id) }
            // Of a shard all of whose members are cut off, what they tell is what is known.
            let counts =
                [Condition.up, .cutOff].map { condition in
                    members.filter { $0.condition == condition }.compactMap(\.keys)
                }.first { !$0.isEmpty } ?? []
            return Shard(id: id, members: members, keys: counts.max(), isEven: Set(counts).count <= 1)
        }
        let placed = Set(reference.shards.joined())
        var rest = Set(snapshot.nodes.map(\.address))
        for peer in reference.peers where peer.health != .removed { rest.insert(peer.address) }
        others = rest.subtracting(placed).sorted().map { member($0, nil) }
            .filter { $0.condition != .removed }
    }

    /// What most say; of equals the largest, and of those the first, so that nothing flickers.
    static func most<Value: Collection & Hashable>(_ values: [Value]) -> Value? {
        var votes: [Value: Int] = [:]
        for value in values { votes[value, default: 0] += 1 }
        func rank(_ value: Value) -> (Int, Int) { (votes[value] ?? 0, value.count) }
        return values.dropFirst().reduce(values.first) { best, value in
            best.map { rank(value) > rank($0) ? value : $0 }
        }
    }

    private static func view(of replica: ReplicaStatus) -> Set<NodeAddress> {
        Set(replica.peers.filter { $0.health == .up }.map(\.address))
    }

    /// True for a node that was asked for the first time and has not had the time to answer.
    static func isAsked(_ node: ClusterSnapshot.Node) -> Bool { node.answer == nil && node.problem == nil }

    private static func condition(
        of address: NodeAddress, _ node: ClusterSnapshot.Node?, _ own: ReplicaStatus?, _ reference: ReplicaStatus,
        _ usualView: Set<NodeAddress>
    ) -> Condition {
        let health = reference.peers.first { $0.address == address }?.health
        guard node?.isReachable == true, let own else {
            switch health {
            case .removed?: return .removed
            case .up?: return .silent
            // Of a node that was not asked nothing is known.
            default: return node.map(isAsked) == true || node?.notAsked != nil ? .silent : .down
            }
        }
        if health == .removed { return .removed }
        switch own.state {
        case .starting: return .starting
        case .catchingUp: return .catchingUp
        case .stopping: return .stopping
        case .serving, .joiner: break
        }
        if own.epoch != reference.epoch { return .otherEpoch(own.epoch) }
        if view(of: own) != usualView { return .otherView }
        return own.state == .joiner ? .joiner : .up
    }
}
