import ClusterModel
import ShardCore
import ShardWire

extension Cluster {
    /// The cluster that its nodes tell of: shardnodes in full, nodes of other implementations by their basic endpoints.
    public init(_ snapshot: ClusterSnapshot) {
        self.init(takenMilliseconds: snapshot.takenMilliseconds)
        let full = snapshot.nodes.compactMap { node -> (ClusterSnapshot.Node, NodeState)? in
            if case .full(let state)? = node.answer { (node, state) } else { nil }
        }
        if full.isEmpty { take(basic: snapshot) } else { take(full: full, snapshot) }
        change = snapshot.reshard.map(Change.init)
        if let reshard = snapshot.reshard, reshard.kind == .reshard {
            change?.attempts?.place(snapshot.nodes.map(\.address), shardCount: reshard.toShardCount)
        }
        inferred = snapshot.inferred
    }

    /// The most frequent value; of equally frequent ones the largest, and of those the first, so that nothing flickers.
    static func most<Value: Collection & Hashable>(_ values: [Value]) -> Value? {
        var votes: [Value: Int] = [:]
        for value in values { votes[value, default: 0] += 1 }
        func rank(_ value: Value) -> (Int, Int) { (votes[value] ?? 0, value.count) }
        return values.dropFirst().reduce(values.first) { best, value in
            best.map { rank(value) > rank($0) ? value : $0 }
        }
    }
}

extension Member {
    /// - Parameter node: the node as it was polled; nil if only other nodes name it.
    init(_ address: NodeAddress, _ shard: ShardID?, _ condition: Condition, _ node: ClusterSnapshot.Node?) {
        self.init(id: MemberID(address), shard: shard, condition: condition)
        guard let node else { return }
        isPolled = true
        hasAnswered = node.answer != nil
        isReachable = node.isReachable
        problem = node.problem
        notAsked = node.notAsked
        isRefusing = node.isRefusing
        answeredMilliseconds = node.answeredMilliseconds
        pollMicroseconds = node.pollMicroseconds
        details = Self.details(node)
    }
}

extension Member.Condition {
    static let up = Self(.good, "up")
    /// The node is placed in no shard yet.
    static let joiner = Self(.good, "no shard")
    /// The node answers, but does not say which shard it is in.
    static let shardUnknown = Self(.warning, "shard not told")
    static let otherCluster = Self(.bad, "other cluster")
    static let cutOff = Self(.warning, "cut off")
    /// The node answers, but its view is not that of the others.
    static let otherView = Self(.warning, "other view")
    /// The node did not answer the last poll, though its peers hear it.
    static let silent = Self(.bad, "no answer")
    /// The node answers, but tells this client nothing.
    static let refusing = Self(.warning, "refuses us")
    static let down = Self(.bad, "down")
    static let removed = Self(.bad, "removed")
}

extension MemberID {
    public init(_ address: NodeAddress) { self.init(address.description) }
}

extension NodeAddress {
    /// Nil for a name that is no address.
    public init?(_ member: MemberID) { self.init(member.text) }
}

extension ClusterSnapshot.Node {
    /// True for a node that was asked for the first time and has not had the time to answer.
    var isAsked: Bool { answer == nil && problem == nil }
}
