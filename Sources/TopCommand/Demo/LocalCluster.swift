import Foundation
import LocalNodes
import ShardClient
import ShardCore
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Real `shardnode` processes on this machine, which live no longer than the program that started them.
final class LocalCluster: Sendable {
    struct Setup: Sendable {
        var program: String
        var ports: [Int]
        var shardCount: Int
        /// Keys a second; nil for no limit.
        var reshardRate: Int?
        /// True where a node that dies loses what it held, and fetches it from the others when it is started again.
        var isInMemory = false
    }

    let setup: Setup
    let addresses: [NodeAddress]
    /// Holds a log and, unless all is in memory, a data folder for each node.
    let folder: String
    private let exits = Mutex<[NodeAddress: String]>([:])

    /// Starts the nodes, runs `body`, and ends the nodes, whatever `body` does.
    static func with(_ setup: Setup, _ body: @escaping @Sendable (LocalCluster) async throws -> Void) async throws {
        let cluster = try LocalCluster(setup)
        let lifeLine = try LifeLine()
        do {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for address in cluster.addresses {
                    group.addTask {
                        await cluster.runNode(address, lifeLine)
                        return false
                    }
                }
                group.addTask {
                    try await body(cluster)
                    return true
                }
                defer { group.cancelAll() }
                while let isBody = try await group.next(), !isBody {}
            }
        } catch {
            // Who stops the demo does not want its logs; who sees it fail does.
            if Task.isCancelled { try? FileManager.default.removeItem(atPath: cluster.folder) }
            guard let error = error as? ClientError else { throw error }
            throw Failure(ExitStatus(error), "\(error); logs: \(cluster.folder)")
        }
        try? FileManager.default.removeItem(atPath: cluster.folder)
    }

    private init(_ setup: Setup) throws {
        self.setup = setup
        addresses = setup.ports.compactMap { NodeAddress("127.0.0.1:\($0)") }
        folder =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("shardtop-demo-\(ProcessInfo.processInfo.processIdentifier)").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(.fileTrouble, "cannot make the folder \(folder): \(error.localizedDescription)")
        }
    }

    /// Nodes that ended, and how.
    var ended: [NodeAddress: String] { exits.withLock { $0 } }

    func logPath(_ address: NodeAddress) -> String { "\(folder)/node-\(address.port).log" }

    /// The last lines that a node logged.
    func logTail(_ address: NodeAddress, lines: Int = 5) -> String {
        guard let text = try? String(contentsOfFile: logPath(address), encoding: .utf8) else { return "" }
        return text.split(separator: "\n").suffix(lines).map { "  " + $0.prefix(300) }.joined(separator: "\n")
    }

    private func runNode(_ address: NodeAddress, _ lifeLine: LifeLine) async {
        let words: String
        do {
            let log = try FileDescriptor.open(
                FilePath(logPath(address)), .writeOnly, options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite])
            let result = try await run(
                .path(FilePath(setup.program)), arguments: Arguments(arguments(address)),
                environment: .inherit.updating(environment(address)), platformOptions: Self.platformOptions,
                input: .fileDescriptor(lifeLine.readingEnd, closeAfterSpawningProcess: false),
                output: .fileDescriptor(log, closeAfterSpawningProcess: true), error: .combinedWithOutput)
            words = "\(result.terminationStatus)"
        } catch {
            words = "\(error)"
        }
        exits.withLock { $0[address] = words }
    }

    private func arguments(_ address: NodeAddress) -> [String] {
        let rate = setup.reshardRate.map { ["--reshard-rate", "\($0)"] } ?? []
        return rate + (setup.isInMemory ? [] : ["--data-dir", "\(folder)/node-\(address.port)"])
    }

    private func environment(_ address: NodeAddress) -> [Environment.Key: String?] {
        [
            "SOCKET_ADDRESS": address.description,
            "VIEW": addresses.map(\.description).joined(separator: ","),
            "SHARD_COUNT": "\(setup.shardCount)",
            "SHARDNODE_EXIT_WITH_STDIN": "1",
        ]
    }

    /// A group of their own keeps Ctrl-C from the nodes: they stop when the demo says so, in order.
    private static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(3))]
        return options
    }
}
