import ClusterModel
import LocalServers

/// A demo of real servers of Valkey or Redis.
struct ServerDemo: DemoCluster {
    let cluster: ServerCluster
    let members: [MemberID]
    private let engine: ServerEngine
    private let formed: @Sendable () -> Void

    /// - Parameter formed: is called once the servers make a cluster.
    init(_ cluster: ServerCluster, formed: @escaping @Sendable () -> Void) {
        self.formed = formed
        self.cluster = cluster
        engine = cluster.program.engine
        members = cluster.addresses.map { MemberID($0.description) }
    }

    var paused: Set<MemberID> {
        Set(cluster.servers.filter(\.isPaused).map { MemberID($0.address.description) })
    }

    /// Nobody stands between these servers who could cut them off from each other.
    var isolated: Set<MemberID> { [] }

    var readsBack: String { "each from the owner of its slot" }

    func agreement(_ summary: ClusterSummary) -> String { "all nodes agree on who owns every slot" }

    func awaitServing(_ told: @escaping @Sendable (Int) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cluster.form() }
            group.addTask {
                while !Task.isCancelled {
                    told(await cluster.servingCount())
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        formed()
        told(members.count)
    }

    func kill(_ node: MemberID) async throws { try await running(node).kill() }

    func restart(_ node: MemberID) async throws {
        let server = try server(node)
        guard !server.isRunning else { throw Failure(.failed, "\(node) runs; x kills it") }
        do {
            try await server.start()
        } catch {
            throw Failure(.failed, "\(error)")
        }
    }

    func pause(_ node: MemberID, isPaused: Bool) throws {
        let server = try running(node)
        if isPaused { server.pause() } else { server.goOn() }
    }

    func isolate(_ node: MemberID, isIsolated: Bool) throws {
        throw Failure(.failed, "a demo cannot cut servers of \(engine.name) off from each other; p pauses one")
    }

    func startNode() async throws -> MemberID {
        do {
            return MemberID(try await cluster.startAnother(joining: true).address.description)
        } catch {
            throw Failure(.failed, "\(error)")
        }
    }

    private func running(_ node: MemberID) throws -> LocalServer {
        let server = try server(node)
        guard server.isRunning else { throw Failure(.failed, "\(node) does not run; X starts it") }
        return server
    }

    private func server(_ node: MemberID) throws -> LocalServer {
        guard let server = cluster.servers.first(where: { $0.address.description == node.text }) else {
            throw Failure(.failed, "'\(node)' is none of the demo's servers")
        }
        return server
    }
}
