import ClusterModel
import ShardCore
import ShardWire

extension Cluster {
    /// Takes over the states of nodes that tell them in full. The layout shown is the newest that a reachable node has.
    mutating func take(full: [(ClusterSnapshot.Node, NodeState)], _ snapshot: ClusterSnapshot) {
        // A node of another cluster may answer at an address that this one knows: nothing of it is believed here
        // either.
        let ownID = Self.most(full.compactMap { $0.1.replica.cluster?.description })
        let strangers = Set(
            full.filter { node in node.1.replica.cluster.map { $0.description != ownID } ?? false }.map(\.0.address))
        let full = full.filter { !strangers.contains($0.0.address) }
        let reachable = full.filter(\.0.isReachable)
        let known = reachable.isEmpty ? full : reachable
        guard let reference = known.map(\.1.replica).max(by: { $0.epoch < $1.epoch }) else { return }
        let states = Dictionary(full.map { ($0.0.address, $0.1) }, uniquingKeysWith: { first, _ in first })
        let nodes = Dictionary(snapshot.nodes.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
        let usualView = Self.most(reachable.map { Self.view(of: $0.1.replica) }) ?? []
        let hearing = Hearing(reachable.map(\.1.replica))
        let apart = hearing.apart
        func member(_ address: NodeAddress, _ shard: ShardID?) -> Member {
            let state = states[address]
            let node = nodes[address]
            let isCutOff = apart.contains(address)
            let condition: Member.Condition =
                if strangers.contains(address) {
                    .otherCluster
                } else if isCutOff {
                    .cutOff
                } else {
                    Self.condition(of: address, node, state?.replica, reference, usualView)
                }
            var member = Member(address, shard, condition, node)
            member.isCutOff = isCutOff
            if shard == nil, condition == .down {
                member.absence = Self.absence(of: address, state?.replica, reference)
            }
            member.keys = state?.replica.keys
            member.epoch = state?.replica.epoch
            member.epochWords = state.map { EpochNumber.words($0.replica.epoch) }
            member.version = state?.version
            guard node?.isReachable == true, let state else { return member }
            member.takeCosts(state)
            member.standing = state.replica.state.words
            member.lag = state.replica.peers.filter { $0.health == .up }.compactMap(\.lagWrites).max()
                .map { Member.Lag($0, .writes) }
            member.readsPerSecond = state.traffic.readsPerSecond
            member.writesPerSecond = state.traffic.writesPerSecond
            return member
        }
        shards = reference.shards.enumerated().map { index, addresses in
            let id = ShardID(index)
            let members = addresses.map { member($0, id) }
            // If all members of a shard are cut off, their own counts are all that is known.
            let counts =
                [Member.Condition.up, .cutOff].map { condition in
                    members.filter { $0.condition == condition }.compactMap(\.keys)
                }.first { !$0.isEmpty } ?? []
            return Shard(id: id, members: members, keys: counts.max(), isEven: Set(counts).count <= 1)
        }
        let placed = Set(reference.shards.joined())
        var rest = Set(snapshot.nodes.map(\.address))
        for peer in reference.peers where peer.health != .removed { rest.insert(peer.address) }
        others = rest.subtracting(placed).sorted().map { member($0, nil) }.filter { $0.condition != .removed }
        engine.name = "shardnode"
        id = ownID
        epoch = reference.epoch
        facts = [
            Fact("epoch", EpochNumber.words(reference.epoch), weight: 5), Fact("seed", "\(reference.seed)", weight: 3),
        ]
        if reference.placement == .dealt { facts.append(Fact("nodes dealt", weight: 2)) }
        access = Self.access(reachable.map(\.1.security))
        if let access { facts.append(Self.fact(of: access)) }
        troubles =
            Self.troubles(
                split: hearing.isSplit ? hearing.groups.map(\.count) : [],
                cutOff: members.filter(\.isCutOff).map(\.id))
            + Self.troubles(waiting: reachable.map(\.1))
            + Self.troubles(security: reachable.map(\.1))
            + Self.troubles(strangers: Set(reachable.flatMap { $0.1.replica.strangers ?? [] }.map(\.address)))
    }

    private static func view(of replica: ReplicaStatus) -> Set<NodeAddress> {
        Set(replica.peers.filter { $0.health == .up }.map(\.address))
    }

    /// - Parameter last: what the node told of itself last.
    private static func absence(
        of address: NodeAddress, _ last: ReplicaStatus?, _ reference: ReplicaStatus
    ) -> Member.Absence {
        if last?.state == .joiner { return .nothing }
        // A node that was never heard, since the others started, was in no layout that they know of.
        let heardIn = reference.peers.first { $0.address == address }?.epoch ?? last?.epoch
        return heardIn.map { $0 < reference.epoch } ?? false ? .perhapsWrites : .nothing
    }

    private static func condition(
        of address: NodeAddress, _ node: ClusterSnapshot.Node?, _ own: ReplicaStatus?, _ reference: ReplicaStatus,
        _ usualView: Set<NodeAddress>
    ) -> Member.Condition {
        let health = reference.peers.first { $0.address == address }?.health
        guard node?.isReachable == true, let own else {
            switch health {
            case .removed?: return .removed
            case _ where node?.isRefusing == true: return .refusing
            case .up?: return .silent
            // Nothing is known of a node that was not asked.
            default: return node?.isAsked == true || node?.notAsked != nil ? .silent : .down
            }
        }
        if health == .removed { return .removed }
        switch own.state {
        case .starting, .catchingUp, .stopping: return Member.Condition(.warning, own.state.words)
        case .serving, .joiner: break
        }
        if own.epoch != reference.epoch {
            return Member.Condition(.warning, "epoch \(EpochNumber.words(own.epoch))")
        }
        if view(of: own) != usualView { return .otherView }
        return own.state == .joiner ? .joiner : .up
    }
}
