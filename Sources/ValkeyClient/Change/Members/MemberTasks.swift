import ClusterModel

/// Tasks about the members of a cluster: each waits until all nodes know of it.
struct MemberTasks: Sendable {
    let surveyor: Surveyor
    let runner: ProcedureRunner

    /// A node that was forgotten is let in by nobody for a minute (`CLUSTER FORGET`).
    private static let patience = Duration.seconds(80)

    func perform(_ task: ChangePlan.Task, replicaOf: NodeID?) async throws(ChangeError) {
        switch task {
        case .meet(let address): try await meet(address, replicaOf: replicaOf)
        case .free(let node, let address): try await free(node, address)
        case .replicate(let node, let address, let primary): try await replicate(node, address, of: primary)
        case .forget(let node, let address): try await forget(node, address)
        case .failover(let replica, let address, let way): try await failOver(replica, address, way)
        }
    }

    private func meet(_ address: ServerAddress, replicaOf primary: NodeID?) async throws(ChangeError) {
        let reply = try await tell(Command("CLUSTER", "MYID"), address)
        guard let id = reply.bytes.flatMap({ NodeID(utf8: $0) }) else {
            throw ChangeError(.refused, "\(address) does not tell its id: it answers with \(reply.kind)")
        }
        let own = try await view(address)
        guard own.own?.slots.isEmpty != false, own.nodes.count == 1 else {
            throw ChangeError(
                .refused,
                "\(address) is a member of a cluster already: it knows \(own.nodes.count - 1) other nodes"
                    + (own.own?.slots.isEmpty == false ? " and has slots" : "") + ". Reset it first (CLUSTER RESET)")
        }
        let size = try await tell(Command("DBSIZE"), address)
        guard size.integer == 0 else {
            throw ChangeError(
                .refused, "\(address) holds keys of its own. Empty it first, as they would belong to nobody")
        }
        try await introduce(id, address, to: try await member(besides: id))
        if let primary { try await replicate(id, address, of: primary) }
    }

    /// A primary of the cluster.
    private func member(besides id: NodeID) async throws(ChangeError) -> Peer {
        let survey = try await survey()
        guard let member = survey.askablePrimaries.first(where: { $0.id != id }) else {
            throw ChangeError(.failed, "no other primary answers")
        }
        return member
    }

    /// Has a member meet it, and waits until all know it in full.
    private func introduce(_ id: NodeID, _ address: ServerAddress, to member: Peer) async throws(ChangeError) {
        _ = try await tell(Command("CLUSTER", "MEET", address.host, "\(address.port)"), member.address)
        try await wait(
            "\(address) and the other nodes do not all know each other yet; one that was removed is let in after a minute"
        ) { survey in
            guard let answer = survey.answers[id], answer.isServing else { return false }
            let own = answer.view
            let known = Set(own.nodes.filter { !$0.flags.contains(.handshake) }.map(\.id))
            guard survey.answers[member.id] != nil, known.isSuperset(of: survey.answers.keys) else { return false }
            return own.own?.isPrimary == true
                && survey.answers.values.allSatisfy {
                    $0.view.nodes.contains { $0.id == id && !$0.flags.contains(.handshake) && $0.isPrimary }
                }
        }
    }

    /// A replica becomes a primary without slots. It keeps its id.
    private func free(_ id: NodeID, _ address: ServerAddress) async throws(ChangeError) {
        let own = try await view(address)
        guard own.own?.isReplica == true, own.own?.slots.isEmpty == true else {
            throw ChangeError(.refused, "\(address) is no replica any more")
        }
        let member = try await member(besides: id)
        _ = try await tell(Command("CLUSTER", "RESET", "SOFT"), address)
        try await introduce(id, address, to: member)
    }

    private func replicate(_ id: NodeID, _ address: ServerAddress, of primary: NodeID) async throws(ChangeError) {
        // It must have heard of its primary before it can copy it.
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: Self.patience)
        while true {
            let reply = try await reply(Command("CLUSTER", "REPLICATE", "\(primary)"), address)
            guard let error = reply.error else { break }
            guard error.message.contains("nknown node"), clock.now < end, await pause() else {
                throw ChangeError(.failed, "\(address) does not become a replica: \(error.message)")
            }
        }
        try await wait("not all nodes take \(address) for a replica yet") { survey in
            survey.answers.values.allSatisfy { answer in
                answer.view.nodes.contains { $0.id == id && $0.primary == primary }
            } && survey.answers[id]?.info?.replication?.isLinkUp != false
        }
    }

    /// All must forget it within a minute: who does not is told of it again by who still knows it.
    private func forget(_ id: NodeID, _ address: ServerAddress?) async throws(ChangeError) {
        let survey = try await survey()
        guard survey.topology.nodes[id]?.slots.isEmpty != false else {
            throw ChangeError(.refused, "\(survey.topology.name(of: id)) has slots")
        }
        let others = survey.answers.keys.filter { $0 != id }.sorted().compactMap { survey.peer($0) }
        // First it forgets the others, so that it does not greet them again; its replicas have left it before.
        if let address, survey.answers[id] != nil {
            let reply = try await reply(Command("CLUSTER", "RESET", "SOFT"), address)
            if let error = reply.error {
                throw ChangeError(
                    .failed, "\(address) does not leave the cluster: \(error.message)", state: "it is still a member")
            }
        }
        let command = Command("CLUSTER", "FORGET", "\(id)")
        let answers = await runner.ask(others.map { Request(command, to: $0.address) }, lane: 0)
        for (peer, answer) in zip(others, answers) {
            if let failure = answer.failure {
                throw ChangeError(.failed, "\(failure)", state: "the others have forgotten it")
            }
            if let error = answer.replies?.first?.error, !error.message.contains("nknown node") {
                throw ChangeError(.failed, "\(peer.address): \(error.message)", state: "the others have forgotten it")
            }
        }
        try await wait("some nodes still know \(address.map { "\($0)" } ?? id.short)") { survey in
            survey.answers.values.allSatisfy { answer in !answer.view.nodes.contains { $0.id == id } }
        }
    }

    private func failOver(_ id: NodeID, _ address: ServerAddress, _ way: Goal.Failover) async throws(ChangeError) {
        let command: Command =
            switch way {
            case .graceful: Command("CLUSTER", "FAILOVER")
            case .force: Command("CLUSTER", "FAILOVER", "FORCE")
            case .takeover: Command("CLUSTER", "FAILOVER", "TAKEOVER")
            }
        _ = try await tell(command, address)
        try await wait("\(address) has not become the primary") { survey in
            guard survey.answers[id]?.view.own?.isPrimary == true else { return false }
            return survey.answers.values.allSatisfy { answer in
                answer.view.nodes.contains { $0.id == id && $0.isPrimary }
            }
        }
    }
}

extension MemberTasks {
    /// Waits until what all nodes say is as wanted.
    private func wait(_ what: String, until isDone: (Survey) -> Bool) async throws(ChangeError) {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: Self.patience)
        while true {
            if let survey = try? await surveyor.survey(), isDone(survey) { return }
            guard clock.now < end, await pause() else {
                throw ChangeError(
                    .failed, "\(what), after \(Self.patience.words)", state: "look at what the nodes say, and try again"
                )
            }
        }
    }

    private func pause() async -> Bool {
        guard !runner.signal.isRaised else { return false }
        return (try? await Task.sleep(for: .milliseconds(100))) != nil
    }

    private func survey() async throws(ChangeError) -> Survey {
        do throws(ServerError) { return try await surveyor.survey() } catch {
            throw ChangeError(.failed, "\(error)")
        }
    }

    private func reply(_ command: Command, _ address: ServerAddress) async throws(ChangeError) -> RESPValue {
        switch await runner.ask([Request(command, to: address, within: .seconds(10))], lane: 0)[0] {
        case .success(let replies): return replies[0]
        case .failure(let error): throw ChangeError(.failed, "\(error)")
        }
    }

    /// - Throws: where it says no.
    private func tell(_ command: Command, _ address: ServerAddress) async throws(ChangeError) -> RESPValue {
        let reply = try await reply(command, address)
        if let error = reply.error { throw ChangeError(.failed, "\(address): \(error.message)") }
        return reply
    }

    private func view(_ address: ServerAddress) async throws(ChangeError) -> NodesView {
        let reply = try await tell(.clusterNodes, address)
        do { return try NodesView(utf8: reply.bytes ?? []) } catch {
            throw ChangeError(.failed, "\(address): \(error)")
        }
    }
}
