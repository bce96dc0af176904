import Foundation
import LocalServers
import Synchronization
import ValkeyClient

/// A real Valkey or Redis cluster with keys in it and clients at work, as a trial asks and changes it.
final class EngineCluster: Sendable {
    let cluster: ServerCluster
    let servers: Servers
    let keys: EngineKeys
    let traffic: EngineTraffic
    let options: EngineTrialOptions
    private let folder: String
    private let processCount = Mutex(0)

    struct Setup: Sendable {
        var engine: ServerEngine
        var shape: ServerCluster.Shape
        var settings = ServerSettings()
        var keyCount: Int
        /// Slots whose values are larger than others.
        var large = SlotSet()
        var largeBytes = 4_096
    }

    private init(_ cluster: ServerCluster, _ servers: Servers, _ setup: Setup, _ options: EngineTrialOptions) {
        self.cluster = cluster
        self.servers = servers
        self.options = options
        folder = cluster.folder
        keys = EngineKeys(count: setup.keyCount, large: setup.large, largeBytes: setup.largeBytes)
        traffic = EngineTraffic(options, servers, seeds: cluster.primaries.map(\.address))
    }

    /// Runs `body` with a loaded cluster. Its logs stay where something went wrong.
    static func with(
        _ setup: Setup, _ options: EngineTrialOptions,
        _ body: @escaping @Sendable (EngineCluster) async throws -> Trial.Report
    ) async throws -> Trial.Report {
        let program = try await ServerProgram.find(setup.engine)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("shardtrial-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var shape = setup.shape
        shape.folder = folder
        let result = Mutex(Trial.Report())
        do {
            try await ServerCluster.with(program, shape, setup.settings) { cluster in
                try await cluster.form()
                try await Servers.with { servers in
                    let loaded = EngineCluster(cluster, servers, setup, options)
                    try await loaded.keys.load(try await loaded.topology(), servers)
                    let report = try await body(loaded)
                    result.withLock { $0 = report }
                }
            }
        } catch {
            throw TrialError("\(error); logs: \(folder)")
        }
        var report = result.withLock { $0 }
        if report.problems.isEmpty {
            try? FileManager.default.removeItem(atPath: folder)
        } else {
            report.problems[0] += "; logs: \(folder)"
        }
        return report
    }

    // MARK: State of the nodes

    /// Of all that answer.
    func topology() async throws -> Topology {
        var views: [NodesView] = []
        for server in cluster.servers where server.isRunning {
            guard let reply = try? await server.send([Command("CLUSTER", "NODES")]).first?.bytes else { continue }
            views.append(try NodesView(utf8: reply))
        }
        guard !views.isEmpty else { throw TrialError("no server tells of the cluster") }
        return Topology(merging: views)
    }

    /// The server that has the slot.
    func owner(of slot: Int, _ topology: Topology) throws -> LocalServer {
        guard let slot = HashSlot(slot), let address = topology.owner(of: slot)?.address,
            let server = cluster.servers.first(where: { $0.address == address })
        else { throw TrialError("nobody has slot \(slot)") }
        return server
    }

    /// Migrations that the servers do by themselves and that run.
    func runningJobs() async -> [SlotJob] {
        var jobs: [SlotJob] = []
        for server in cluster.servers where server.isRunning {
            let reply = try? await server.send([Command("CLUSTER", "GETSLOTMIGRATIONS")]).first
            jobs += (reply.flatMap(SlotJob.list) ?? []).filter { $0.state == .running }
        }
        return jobs
    }

    // MARK: The program that changes it

    func url(_ server: LocalServer) -> String { "\(cluster.program.engine.scheme)://\(server.address)" }

    func start(_ arguments: [String], at server: LocalServer) throws -> TopProcess {
        let number = processCount.withLock { count in
            count += 1
            return count
        }
        return try TopProcess(
            options.program, arguments + ["--at", url(server)], logPath: "\(folder)/shardtop-\(number).log")
    }

    /// The name of a primary's shard, as the program tells it.
    func shardName(of primary: LocalServer, askedAt server: LocalServer) async throws -> String {
        struct Status: Decodable {
            struct Shard: Decodable {
                let id: String
                let members: [Member]
            }
            struct Member: Decodable { let id: String }
            let shards: [Shard]
        }
        let ending = try await start(["status", "--json"], at: server).end()
        guard let status = try? JSONDecoder().decode(Status.self, from: Data(ending.output.utf8)),
            let shard = status.shards.first(where: { $0.members.contains { $0.id == "\(primary.address)" } })
        else { throw TrialError("shardtop status does not tell the shard of \(primary.address): \(ending.words)") }
        return shard.id
    }
}
