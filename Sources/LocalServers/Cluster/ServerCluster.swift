import Foundation
import Synchronization
import ValkeyClient

/// A cluster of real servers on this machine, which live no longer than the program that started them.
package final class ServerCluster: Sendable {
    /// The number of its servers by role, their ports and their folder.
    package struct Shape: Sendable {
        package var primaries = 3
        package var replicasEach = 0
        /// Members without slots.
        package var spares = 0
        /// The first port; those in use are stepped over. Nil: anywhere that is free.
        package var firstPort: Int?
        /// Holds a folder for each server. Nil: a temporary one, which is removed unless something failed.
        package var folder: String?

        package init(primaries: Int = 3, replicasEach: Int = 0, spares: Int = 0) {
            self.primaries = primaries
            self.replicasEach = replicasEach
            self.spares = spares
        }

        var serverCount: Int { primaries * (1 + replicasEach) + spares }
    }

    package let program: ServerProgram
    package let shape: Shape
    package let settings: ServerSettings
    package let folder: String
    private let founders: [LocalServer]
    private let added = Mutex<[LocalServer]>([])
    private let group: ServerGroup
    private let calls: Servers

    private init(
        program: ServerProgram, shape: Shape, settings: ServerSettings, folder: String, group: ServerGroup
    ) throws {
        self.program = program
        self.shape = shape
        self.settings = settings
        self.folder = folder
        self.group = group
        let login = ServerLogin(password: settings.password.map { Secret($0) })
        let calls = try Servers(login: login, requiresCluster: false)
        self.calls = calls
        let ports = try ServerPorts.take(
            shape.serverCount, from: shape.firstPort ?? ServerPorts.anywhere, isTLS: settings.isTLS)
        founders = ports.map {
            LocalServer(program: program, settings: settings, folder: folder, ports: $0, group: group, calls: calls)
        }
    }

    /// Primaries, replicas and spares as they were at the start, and then those that came later.
    package var servers: [LocalServer] { founders + added.withLock { $0 } }

    /// As they were at the start.
    package var primaries: [LocalServer] { Array(founders.prefix(shape.primaries)) }
    /// As they were at the start: those of the first primary first.
    package var replicas: [LocalServer] { founders.dropLast(shape.spares).suffix(shape.primaries * shape.replicasEach) }
    /// As they were at the start.
    package var spares: [LocalServer] { founders.suffix(shape.spares) }

    package var addresses: [ServerAddress] { servers.map(\.address) }

    /// Runs `body` with a cluster all of whose servers agree that it is well, and ends the servers whatever `body` does.
    ///
    /// - Throws: ``ServerTrouble`` where the engine is not installed, or its servers do not start or come together; what
    ///   `body` throws.
    package static func with(
        _ engine: ServerEngine, primaries: Int = 3, replicasEach: Int = 0, spares: Int = 0,
        settings: ServerSettings = ServerSettings(), _ body: @escaping @Sendable (ServerCluster) async throws -> Void
    ) async throws {
        let shape = Shape(primaries: primaries, replicasEach: replicasEach, spares: spares)
        try await with(try await ServerProgram.find(engine), shape, settings) { cluster in
            try await cluster.form()
            try await body(cluster)
        }
    }

    /// Runs `body` with servers that answer and do not know of each other yet; see ``form()``.
    package static func with(
        _ program: ServerProgram, _ shape: Shape, _ settings: ServerSettings,
        _ body: @escaping @Sendable (ServerCluster) async throws -> Void
    ) async throws {
        let folder = try shape.folder ?? temporaryFolder()
        do {
            try await onFreePorts {
                try await ServerGroup.with(folder: folder) { group in
                    let cluster = try ServerCluster(
                        program: program, shape: shape, settings: settings, folder: folder, group: group)
                    try await cluster.run(body)
                }
            }
        } catch {
            // A user who stopped the program, by a key or a signal, does not want the logs.
            if shape.folder == nil, Task.isCancelled || !(error is ServerTrouble) { remove(folder) }
            throw error
        }
        if shape.folder == nil { remove(folder) }
    }

    private func run(_ body: @Sendable (ServerCluster) async throws -> Void) async throws {
        do {
            try await withThrowingTaskGroup { group in
                for server in servers { group.addTask { try await server.begin() } }
                try await group.waitForAll()
            }
            try await body(self)
        } catch {
            await end()
            throw error
        }
        await end()
    }

    private func end() async {
        calls.close()
        await withDiscardingTaskGroup { group in
            for server in servers { group.addTask { await server.kill() } }
        }
    }

    /// Starts one server more. Ends when it answers, and knows the others where it is to join them.
    package func startAnother(joining: Bool = false) async throws -> LocalServer {
        let server = try await Self.onFreePorts {
            let first = shape.firstPort ?? ServerPorts.anywhere
            let ports = try ServerPorts.take(1, from: first, isTLS: settings.isTLS)[0]
            let server = LocalServer(
                program: program, settings: settings, folder: folder, ports: ports, group: group, calls: calls)
            try await server.begin()
            return server
        }
        let others = added.withLock { added in
            defer { added.append(server) }
            return founders + added
        }
        if joining { try await join(server, others) }
        return server
    }

    private static let portTriesMax = 5

    private static func onFreePorts<Result>(_ body: () async throws -> Result) async throws -> Result {
        for _ in 0..<portTriesMax {
            do {
                return try await body()
            } catch is PortsTaken {}
        }
        throw ServerTrouble("other programs take every port that servers are started on")
    }

    private static func temporaryFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("shardtop-servers-\(UUID().uuidString.prefix(8))").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ServerTrouble("cannot make the folder \(folder): \(error.localizedDescription)")
        }
        return folder
    }

    private static func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }
}
