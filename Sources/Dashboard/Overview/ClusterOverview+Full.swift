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
        let usualView = Self.usualView(reachable.map(\.1.replica))
        func member(_ address: NodeAddress, _ shard: Int?) -> Member {
            let state = states[address]
            let node = nodes[address]
            var member = Member(
                address: address, shard: shard,
                condition: Self.condition(of: address, node, state?.replica, reference, usualView))
            member.answeredMilliseconds = node?.answeredMilliseconds
            member.problem = node?.problem
            member.keys = state?.replica.keys
            guard node?.isReachable == true else { return member }
            member.lagWrites = state?.replica.peers.filter { $0.health == .up }.compactMap(\.lagWrites).max()
            member.readsPerSecond = state?.traffic.readsPerSecond
            member.writesPerSecond = state?.traffic.writesPerSecond
            return member
        }
        shards = reference.shards.enumerated().map { id, addresses in
            let members = addresses.map { member($0, id) }
            let counts = members.filter { $0.condition == .up }.compactMap(\.keys)
            return Shard(id: id, members: members, keys: counts.max(), isEven: Set(counts).count <= 1)
        }
        let placed = Set(reference.shards.joined())
        var rest = Set(snapshot.nodes.map(\.address))
        for peer in reference.peers where peer.health != .removed { rest.insert(peer.address) }
        others = rest.subtracting(placed).sorted().map { member($0, nil) }
            .filter { $0.condition != .removed }
    }

    /// The view that most nodes have.
    private static func usualView(_ replicas: [ReplicaStatus]) -> Set<NodeAddress> {
        var votes: [Set<NodeAddress>: Int] = [:]
        for replica in replicas { votes[view(of: replica), default: 0] += 1 }
        return votes.max { ($0.value, $0.key.count) < ($1.value, $1.key.count) }?.key ?? []
    }

    private static func view(of replica: ReplicaStatus) -> Set<NodeAddress> {
        Set(replica.peers.filter { $0.health == .up }.map(\.address))
    }

    private static func condition(
        of address: NodeAddress, _ node: ClusterSnapshot.Node?, _ own: ReplicaStatus?, _ reference: ReplicaStatus,
        _ usualView: Set<NodeAddress>
    ) -> Condition {
        let health = reference.peers.first { $0.address == address }?.health
        guard node?.isReachable == true, let own else {
            switch health {
            case .removed?: return .removed
            case .up?: return .silent
            default: return .down
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

extension ClusterOverview {
    /// From nodes that have only the basic endpoints: members and counts as they tell them.
    init(basic snapshot: ClusterSnapshot) {
        self.init()
        isBasic = true
        var members: [Int: Set<NodeAddress>] = [:]
        var counts: [Int: [Int]] = [:]
        var placed: [NodeAddress: Int] = [:]
        for node in snapshot.nodes {
            guard case .basic(let state)? = node.answer else { continue }
            if let shard = state.shard { placed[node.address] = shard }
            guard node.isReachable else { continue }
            for shard in state.shards {
                members[shard.id, default: []].formUnion(shard.members ?? [])
                if let keys = shard.keys { counts[shard.id, default: []].append(keys) }
            }
        }
        for (address, shard) in placed where !members.values.contains(where: { $0.contains(address) }) {
            members[shard, default: []].insert(address)
        }
        let nodes = Dictionary(snapshot.nodes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        func member(_ address: NodeAddress, _ shard: Int?) -> Member {
            let node = nodes[address]
            return Member(
                address: address, shard: shard,
                condition: node?.isReachable == true ? (shard == nil ? .joiner : .up) : .down,
                answeredMilliseconds: node?.answeredMilliseconds, problem: node?.problem)
        }
        shards = members.sorted { $0.key < $1.key }.map { id, addresses in
            Shard(
                id: id, members: addresses.sorted().map { member($0, id) }, keys: counts[id]?.max(),
                isEven: Set(counts[id] ?? []).count <= 1)
        }
        let inShards = Set(members.values.joined())
        others = snapshot.nodes.map(\.address).filter { !inShards.contains($0) }.map { member($0, nil) }
    }
}
