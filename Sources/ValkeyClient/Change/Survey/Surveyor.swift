/// Asks all nodes of a cluster what they know.
struct Surveyor: Sendable {
    let calls: any ServerCalls
    /// Where to begin; those found are added.
    let seeds: [ServerAddress]
    var limit = Duration.seconds(3)

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
        for seed in seeds.prefix(Self.nodesAskedMax) {
            do throws(ServerError) {
                let reply = try await calls.send(.clusterNodes, to: seed, within: limit)
                return try view(reply, seed)
            } catch {
                failure = failure ?? error
            }
        }
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
        await withTaskGroup(of: (NodeID, Result<Survey.Answer, ServerError>).self) { group in
            var left = nodes[...]
            var found: [NodeID: Result<Survey.Answer, ServerError>] = [:]
            func addNext() {
                guard let node = left.popFirst(), let address = node.address else { return }
                group.addTask {
                    do throws(ServerError) { return (node.id, .success(try await answer(of: address))) } catch {
                        return (node.id, .failure(error))
                    }
                }
            }
            for _ in 0..<Self.atOnce { addNext() }
            while let (id, result) = await group.next() {
                found[id] = result
                addNext()
            }
            return found
        }
    }

    private func answer(of server: ServerAddress) async throws(ServerError) -> Survey.Answer {
        let questions = [
            .clusterNodes, Command("INFO"), Command("CONFIG", "GET", "cluster-*"), ServerFeatures.question,
            JobDialect.valkey.list, JobDialect.redis.list, Command("CLUSTER", "INFO"),
        ]
        let replies = try await calls.send(questions, to: server, lane: 0, within: limit)
        guard replies.count == questions.count else { throw .replyCount(at: server) }
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
