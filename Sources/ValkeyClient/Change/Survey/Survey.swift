import ClusterModel

/// The state of a cluster, asked of its nodes themselves. Changes are decided by it.
struct Survey: Sendable {
    /// The answers of one node.
    struct Answer: Sendable {
        let view: NodesView
        let info: ServerInfo?
        /// Bytes that its data takes.
        var dataBytes: Int?
        var nodeTimeoutMilliseconds: Int?
        var followsItsSlots: Bool?
        /// False while it serves no keys (`cluster_state:fail`), as for some seconds after it has joined.
        var isServing = true
        var features = ServerFeatures()
        /// Nil if it does not know such jobs.
        var jobs: [SlotJob]?
    }

    let topology: Topology
    let answers: [NodeID: Answer]
    /// The nodes that did not answer, and the reasons.
    let silent: [NodeID: ServerError]

    /// Jobs that run, each once.
    var runningJobs: [SlotJob] {
        var seen: Set<String> = []
        return answers.sorted { $0.key < $1.key }.flatMap { $0.value.jobs ?? [] }
            .filter { $0.state == .running && seen.insert($0.id).inserted }
    }

    func peer(_ id: NodeID) -> Peer? { topology.nodes[id]?.address.map { Peer(id: id, address: $0) } }

    /// Nil if the address of an end is not known.
    func peerMove(_ move: SlotMove) -> PeerMove? {
        guard let from = peer(move.from), let to = peer(move.to) else { return nil }
        return PeerMove(slots: move.slots, from: from, to: to)
    }

    /// Of those that tell it the shortest, as it is the first to act on it.
    var nodeTimeoutMilliseconds: Int? { answers.values.compactMap(\.nodeTimeoutMilliseconds).min() }

    /// Primaries that answer.
    var askablePrimaries: [Peer] {
        topology.primaries.filter { answers[$0.id] != nil && !$0.isInHandshake }.compactMap { peer($0.id) }
    }

    /// Replicas of large clusters are not asked: of those counts what the others say.
    func isUp(_ id: NodeID) -> Bool {
        guard let node = topology.nodes[id], !node.isFailed, silent[id] == nil else { return false }
        guard let answer = answers[id] else { return node.isReplica && node.suspectedBy.isEmpty }
        return answer.info?.persistence.isLoading != true
    }
}

extension Survey {
    /// Whether every primary that answers knows a node in full.
    private func isKnownToAll(_ id: NodeID) -> Bool {
        askablePrimaries.allSatisfy { peer in
            answers[peer.id]?.view.nodes.contains { $0.id == id && !$0.flags.contains(.handshake) } ?? true
        }
    }

    /// - Parameter shard: the id of the shard of a primary.
    func board(shard: (NodeID) -> ShardID) -> Board {
        // A node that is met half-way would be unknown to those who are to send slots there.
        let primaries = topology.primaries.filter { node in
            !node.isInHandshake && (!node.slots.isEmpty || isKnownToAll(node.id))
        }
        return Board(
            sides: primaries.compactMap { node in
                guard let address = node.address else { return nil }
                let answer = answers[node.id]
                var side = Board.Side(id: node.id, address: address, shard: shard(node.id), slots: node.slots)
                side.replicas = topology.replicas(of: node.id).compactMap { replica in
                    replica.address.map { .init(id: replica.id, address: $0, isUp: isUp(replica.id)) }
                }
                side.keys = answer?.info?.keys
                side.bytes = answer?.dataBytes
                side.bytesMax = answer?.info?.memoryBytesMax.flatMap { Int(exactly: $0) }
                side.version = answer?.info.map { "\($0.engine.rawValue) \($0.version ?? "of unknown version")" }
                side.isUp = isUp(node.id)
                side.followsItsSlots = answer?.followsItsSlots
                return side
            }.sorted { $0.shard < $1.shard })
    }
}
