/// Asks all nodes of a cluster what they know.
struct Surveyor: Sendable {
    let calls: any ServerCalls
    /// The addresses to begin with; those found are added.
    let seeds: [ServerAddress]
    var limit = Duration.seconds(3)

    /// Only looks, so nothing paces or ends it.
    var runner: ProcedureRunner { ProcedureRunner(calls: calls, pacer: Pacer(), signal: AbortSignal()) }

    /// Beyond so many, replicas are not asked.
    private static let nodesAskedMax = 60
    private static let atOnce = 64

    /// - Throws: where no seed answers, what the first of them said.
    func survey() async throws(ServerError) -> Survey {
        let first = try await firstView()
        var asked: Set<NodeID> = []
        var answers: [NodeID: Survey.Answer] = [:]
        var silent: [NodeID: ServerError] = [:]
        // A node may know of others that the first did not.
        var views = [first]
        for _ in 0..<3 {
            let topology = Topology(merging: views)
            let isLarge = topology.nodes.count > Self.nodesAskedMax
            let new = topology.nodes.values.filter { node in
                !asked.contains(node.id) && node.address != nil && !node.isInHandshake && !(isLarge && node.isReplica)
            }
            guard !new.isEmpty else { break }
            asked.formUnion(new.map(\.id))
            for (id, result) in await ask(new) {
                switch result {
                case .success(let answer): answers[id] = answer
                case .failure(let error): silent[id] = error
                }
            }
            views = answers.values.map(\.view)
            if views.isEmpty { throw silent.values.first ?? .replyCount(at: seeds[0]) }
        }
        return Survey(topology: Topology(merging: views), answers: answers, silent: silent)
    }

    private func firstView() async throws(ServerError) -> NodesView {
        var failure: ServerError?
        var alone: NodesView?
        for seed in seeds.prefix(Self.nodesAskedMax) {
            do throws(ServerError) {
                let reply = try await calls.send(.clusterNodes, to: seed, within: limit)
                let view = try view(reply, seed)
                // One that knows nobody, as it has left the cluster or not joined it, is not who to begin with.
                if view.nodes.count > 1 { return view }
                alone = alone ?? view
            } catch {
                failure = failure ?? error
            }
        }
        if let alone { return alone }
        throw failure ?? ServerError(.unreachable, at: nil, "no address to begin with")
    }

    private func view(_ reply: RESPValue, _ server: ServerAddress) throws(ServerError) -> NodesView {
        if let error = reply.error {
            let kind: ServerError.Kind =
                error.code == "NOPERM" ? .notPermitted : error.code == "LOADING" ? .notNow : .refused
            throw ServerError(kind, at: server, "it does not tell its view of the cluster: \(error.message)")
        }
        guard let bytes = reply.bytes else {
            throw ServerError(.broken, at: server, "it answers CLUSTER NODES with \(reply.kind)")
        }
        do { return try NodesView(utf8: bytes) } catch { throw ServerError(.broken, at: server, "\(error)") }
    }

    private func ask(_ nodes: [Topology.Node]) async -> [NodeID: Result<Survey.Answer, ServerError>] {
        var found: [NodeID: Result<Survey.Answer, ServerError>] = [:]
        let peers = nodes.compactMap { node in node.address.map { Peer(id: node.id, address: $0) } }
        for start in stride(from: 0, to: peers.count, by: Self.atOnce) {
            let some = peers[start..<min(start + Self.atOnce, peers.count)]
            let answers = await runner.ask(
                some.map { Request(Self.questions, to: $0.address, within: limit) }, lane: 0)
            for (peer, answer) in zip(some, answers) {
                found[peer.id] = Result { () throws(ServerError) in try read(try answer.get(), peer.address) }
            }
        }
        return found
    }

    private static let questions = [
        .clusterNodes, Command("INFO"), Command("CONFIG", "GET", "cluster-*"), ServerFeatures.question,
        JobDialect.valkey.list, JobDialect.redis.list, Command("CLUSTER", "INFO"),
    ]

    private func read(_ replies: [RESPValue], _ server: ServerAddress) throws(ServerError) -> Survey.Answer {
        let info = replies[1].bytes.flatMap { ServerInfo($0) }
        var answer = Survey.Answer(view: try view(replies[0], server), info: info)
        answer.dataBytes = replies[1].bytes.flatMap {
            InfoText($0, names: ["used_memory_dataset"]).integer("used_memory_dataset")
        }
        // A user that may not read the configuration is told nothing; what follows from it is then left open.
        let settings = replies[2].fields ?? [:]
        answer.nodeTimeoutMilliseconds = settings["cluster-node-timeout"]?.integer.flatMap { Int(exactly: $0) }
        answer.followsItsSlots = settings["cluster-allow-replica-migration"]?.text.map { $0 == "yes" }
        answer.features = ServerFeatures(replies[3])
        answer.jobs = SlotJob.list(replies[4]) ?? SlotJob.list(replies[5])
        answer.isServing = replies[6].bytes.flatMap { ClusterState($0)?.isOK } ?? true
        return answer
    }
}
