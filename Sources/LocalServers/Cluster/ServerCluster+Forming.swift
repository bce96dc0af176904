import ValkeyClient

extension ServerCluster {
    static let slotCount = 16_384

    /// Makes a cluster of the servers, and returns when all of them agree on it: every slot has an owner, every replica
    /// is in step with its primary.
    package func form() async throws {
        // Epochs that differ from the start need not be sorted out between the nodes.
        let servers = servers
        for (index, server) in servers.enumerated() {
            try await server.send("CLUSTER", "SET-CONFIG-EPOCH", "\(index + 1)")
        }
        for (index, primary) in primaries.enumerated() {
            let first = index * Self.slotCount / shape.primaries
            let last = (index + 1) * Self.slotCount / shape.primaries - 1
            try await primary.send("CLUSTER", "ADDSLOTSRANGE", "\(first)", "\(last)")
        }
        // Everybody is told of everybody, so that nothing waits for gossip.
        for (index, server) in servers.enumerated() {
            for other in servers.dropFirst(index + 1) { try await server.meet(other) }
        }
        try await awaitTrue("all servers know each other") { try await $0.knowsAll(servers.count) }
        for (index, replica) in replicas.enumerated() {
            let primary = servers[index / shape.replicasEach]
            try await replica.send("CLUSTER", "REPLICATE", try await primary.id())
        }
        try await awaitAgreement()
    }

    /// How many of the servers find that the cluster serves.
    package func servingCount() async -> Int {
        await withTaskGroup { group in
            for server in servers where server.isRunning {
                group.addTask {
                    let words = try? await server.send([Command("CLUSTER", "INFO")], within: .seconds(1)).first?.text
                    return words?.contains("cluster_state:ok") == true ? 1 : 0
                }
            }
            return await group.reduce(0, +)
        }
    }

    /// Returns when the server knows all that those know who run.
    func join(_ server: LocalServer, _ others: [LocalServer]) async throws {
        let others = others.filter { $0.isRunning && !$0.isPaused }
        guard let other = others.first else {
            throw ServerTrouble("no server runs that \(server.address) could join")
        }
        // All at once, so that it does not hear of them one by one.
        for other in others { try await other.meet(server) }
        try await awaitTrue("it knows the server that joins", at: [server, other]) {
            let (seen, known) = (try await $0.membersSeen(), try await other.membersSeen())
            return seen == known && seen.count > 1
        }
    }

    /// Returns when every running server sees the same owners and the same roles, no slot without an owner, none open,
    /// nobody failing but those named, and every replica in step with its primary.
    ///
    /// - Parameter failing: are seen as failing by everybody, and own nothing.
    /// - Throws: ``ServerTrouble`` with what is missing where that takes longer than `secondsMax`.
    package func awaitAgreement(failing: [LocalServer] = [], secondsMax: Int = 30) async throws {
        let ports = Set(failing.map(\.address.port))
        try await awaitTrue("it finds the cluster well", secondsMax: secondsMax) {
            try await $0.isWell(failing: ports)
        }
        guard let first = servers.first(where: { $0.isRunning && !$0.isPaused }) else { return }
        try await awaitTrue("it sees what \(first.address) sees", secondsMax: secondsMax) {
            try await $0.membersSeen() == first.membersSeen()
        }
    }

    /// Returns when it is true of every running server.
    private func awaitTrue(
        _ what: String, at servers: [LocalServer]? = nil, secondsMax: Int = 30,
        _ isTrue: @Sendable (LocalServer) async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(secondsMax)
        for server in servers ?? self.servers where server.isRunning && !server.isPaused {
            while try await !isTrue(server) {
                if ContinuousClock.now > deadline {
                    let view = try await server.send("CLUSTER", "NODES").text ?? ""
                    throw ServerTrouble(
                        "\(server.address): not within \(secondsMax) s that \(what):\n\(view)", log: server.logTail())
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
