import ClusterModel
import ShardCore
import ShardWire

extension Cluster {
    /// Takes over the members and counts that nodes with only the basic endpoints tell.
    mutating func take(basic snapshot: ClusterSnapshot) {
        isBasic = true
        var members: [ShardID: Set<NodeAddress>] = [:]
        var counts: [ShardID: [Int]] = [:]
        var placed: [NodeAddress: ShardID] = [:]
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
        let usual = Usual(snapshot)
        func member(_ address: NodeAddress, _ shard: ShardID?) -> Member {
            let node = nodes[address]
            var member = Member(address, shard, Self.condition(node, shard, usual), node)
            member.isShardTold = shard != nil || node.flatMap(Self.basicState)?.isUnplaced == true
            return member
        }
        shards = members.sorted { $0.key < $1.key }.map { id, addresses in
            Shard(
                id: id, members: addresses.sorted().map { member($0, id) }, keys: counts[id]?.max(),
                isEven: Set(counts[id] ?? []).count <= 1)
        }
        isTold = !shards.isEmpty
        let inShards = Set(members.values.joined())
        others = snapshot.nodes.map(\.address).filter { !inShards.contains($0) }.map { member($0, nil) }
        facts = [Fact("basic endpoints only", weight: 4, level: .warning)]
    }

    /// The most frequent answers: the shards, and the members of each. A node names the members of its own shard only,
    /// so each shard has a vote of its own.
    private struct Usual {
        var ids: Set<ShardID> = []
        var members: [ShardID: Set<NodeAddress>] = [:]

        init(_ snapshot: ClusterSnapshot) {
            let said = snapshot.nodes.filter(\.isReachable).compactMap(Cluster.basicState)
            ids = Cluster.most(said.compactMap(\.listedShards)) ?? []
            for id in said.reduce(into: ids, { $0.formUnion($1.shards.map(\.id)) }) {
                members[id] = Cluster.most(
                    said.flatMap(\.shards).filter { $0.id == id }.compactMap { $0.members.map(Set.init) })
            }
        }

        func agrees(with state: BasicNodeState) -> Bool {
            (state.listedShards ?? ids) == ids
                && state.shards.allSatisfy { shard in shard.members.map { Set($0) == members[shard.id] } ?? true }
        }
    }

    private static func basicState(_ node: ClusterSnapshot.Node) -> BasicNodeState? {
        if case .basic(let state)? = node.answer { state } else { nil }
    }

    private static func condition(
        _ node: ClusterSnapshot.Node?, _ shard: ShardID?, _ usual: Usual
    ) -> Member.Condition {
        guard let node, node.isReachable else {
            if node?.isRefusing == true { return .refusing }
            return node?.isAsked == true ? .silent : .down
        }
        guard let state = basicState(node) else { return .up }
        if !usual.agrees(with: state) { return .otherView }
        if shard != nil { return .up }
        return state.isUnplaced == true ? .joiner : .shardUnknown
    }
}
