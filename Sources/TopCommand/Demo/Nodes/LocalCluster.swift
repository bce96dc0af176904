import ArgumentParser
import Foundation
import HostSystem
import LocalNodes
import ShardClient
import ShardCore
import ShardWire
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Real `shardnode` processes on this machine, which end with the program that started them.
final class LocalCluster: Sendable {
    struct Setup: Sendable {
        var program: String
        /// The ports of the nodes that it begins with; held as long as the cluster lives.
        var claims: [PortClaim]
        var shardCount: Int
        /// Keys a second; nil for no limit.
        var reshardRate: Int?
        /// True if a node that dies loses its keys, and fetches them from the others when it is started again.
        var isInMemory = false
        /// True if the cluster is closed, by TLS, a secret of the nodes, and a token.
        var isSecure = false

        var ports: [Int] { claims.map(\.port) }
    }

    /// The end of a node's process.
    struct Ending: Sendable {
        let words: String
        /// True if another program had its port.
        var isPortTaken = false
    }

    let setup: Setup
    /// The nodes that it began with.
    let addresses: [NodeAddress]
    /// Holds a log and, unless all is in memory, a data folder for each node.
    let folder: String
    /// Nil if the cluster is open.
    let security: DemoSecurity?
    private let processes = Mutex(Processes())
    private let starts: AsyncStream<NodeAddress>
    private let startSoon: AsyncStream<NodeAddress>.Continuation

    private struct Processes {
        var running: [NodeAddress: pid_t] = [:]
        var starting: Set<NodeAddress> = []
        var paused: Set<NodeAddress> = []
        var exits: [NodeAddress: Ending] = [:]
        /// The ports of nodes that came later.
        var added: [PortClaim] = []
    }

    /// The exit status of a node that cannot have its port.
    private static let portTakenStatus: Int32 = 69

    /// Starts the nodes in a folder of their own, runs `body`, and ends the nodes, whatever `body` does.
    ///
    /// - Throws: ``PortTaken`` if the cluster has to be started anew, on other ports.
    static func with(_ setup: Setup, _ body: @escaping @Sendable (LocalCluster) async throws -> Void) async throws {
        try await DemoFolder.with { folder in
            let lifeLine = try LifeLine()
            let security = setup.isSecure ? try DemoSecurity(in: folder) : nil
            let cluster = LocalCluster(setup, folder: folder, security: security)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    await cluster.runNodes(lifeLine)
                    return false
                }
                group.addTask {
                    try await body(cluster)
                    return true
                }
                defer { group.cancelAll() }
                while let isBody = try await group.next(), !isBody {}
            }
        }
    }

    private init(_ setup: Setup, folder: String, security: DemoSecurity?) {
        self.setup = setup
        self.folder = folder
        self.security = security
        addresses = setup.ports.compactMap { NodeAddress("127.0.0.1:\($0)") }
        (starts, startSoon) = AsyncStream.makeStream()
    }

    /// The way to speak to its nodes.
    var access: NodeAccess { security?.access ?? .open }

    /// Nodes that ended, and how.
    var ended: [NodeAddress: Ending] { processes.withLock { $0.exits } }

    /// Nodes that are stopped by SIGSTOP.
    var paused: Set<NodeAddress> { processes.withLock { $0.paused } }

    func logPath(_ address: NodeAddress) -> String { "\(folder)/node-\(address.port).log" }

    /// The last lines that a node logged.
    func logTail(_ address: NodeAddress, lines: Int = 5) -> String {
        guard let text = try? String(contentsOfFile: logPath(address), encoding: .utf8) else { return "" }
        return text.split(separator: "\n").suffix(lines).map { "  " + $0.prefix(300) }.joined(separator: "\n")
    }

    /// Runs every node that is asked for, until the task is cancelled.
    private func runNodes(_ lifeLine: LifeLine) async {
        for address in addresses { startSoon.yield(address) }
        await withDiscardingTaskGroup { group in
            for await address in starts {
                group.addTask { await self.runNode(address, lifeLine) }
            }
        }
    }

    // MARK: Faults

    /// Starts a node that ended. False if it runs.
    func start(_ address: NodeAddress) -> Bool {
        let isNew = processes.withLock { state in
            guard state.running[address] == nil else { return false }
            return state.starting.insert(address).inserted
        }
        if isNew { startSoon.yield(address) }
        return isNew
    }

    /// Starts another node, which belongs to no shard until it is added or a reshard places it. Returns once it
    /// listens.
    func startAnother() async throws -> NodeAddress {
        for _ in 0..<Self.portTriesMax {
            let last = processes.withLock { ($0.added.map(\.port) + setup.ports).max() } ?? 8_080
            let claim = try DemoPorts.claim(1, from: last + 1)[0]
            guard let address = NodeAddress("127.0.0.1:\(claim.port)") else { break }
            processes.withLock { $0.added.append(claim) }
            _ = start(address)
            guard let ending = await endingOfStart(address) else { return address }
            guard ending.isPortTaken else { throw Failure(.failed, "\(address) ended (\(ending.words))") }
        }
        throw Failure(.unavailable, "other programs take every port that a node is started on")
    }

    /// The number of times that other ports are tried if another program takes one of them at the same time.
    static let portTriesMax = 5

    /// How a node's start failed; nil once it listens, or takes long to.
    private func endingOfStart(_ address: NodeAddress) async -> Ending? {
        for _ in 0..<250 {
            if let ending = ended[address] { return ending }
            if PortClaim.isListening(address.port) { return ended[address] }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    /// `kill -9`. False if it does not run.
    func kill(_ address: NodeAddress) -> Bool { signal(address, SIGKILL) }

    /// Stops a node without ending it, or lets it go on. False if it does not run.
    func pause(_ address: NodeAddress, isPaused: Bool) -> Bool {
        guard signal(address, isPaused ? SIGSTOP : SIGCONT) else { return false }
        processes.withLock {
            if isPaused { $0.paused.insert(address) } else { $0.paused.remove(address) }
        }
        return true
    }

    /// Holding the lock keeps the process number from being given to another process meanwhile.
    private func signal(_ address: NodeAddress, _ number: Int32) -> Bool {
        processes.withLock { state in
            guard let id = state.running[address] else { return false }
            return Foundation.kill(id, number) == 0
        }
    }

    private func runNode(_ address: NodeAddress, _ lifeLine: LifeLine) async {
        let ending: Ending
        do {
            let log = try FileDescriptor.open(
                FilePath(logPath(address)), .writeOnly, options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite])
            let result = try await run(
                .path(FilePath(setup.program)), arguments: Arguments(try arguments(address)),
                environment: .inherit.updating(environment(address)), platformOptions: Self.platformOptions,
                input: .fileDescriptor(lifeLine.readingEnd, closeAfterSpawningProcess: false),
                output: .fileDescriptor(log, closeAfterSpawningProcess: true), error: .combinedWithOutput
            ) { execution in
                self.processes.withLock {
                    $0.running[address] = execution.processIdentifier.value
                    $0.starting.remove(address)
                    $0.exits[address] = nil
                }
            }
            ending = Self.ending(result.terminationStatus)
        } catch {
            ending = Ending(words: "it was not started: \(error.words)")
        }
        processes.withLock {
            $0.running[address] = nil
            $0.starting.remove(address)
            $0.paused.remove(address)
            $0.exits[address] = ending
        }
    }

    private static func ending(_ status: TerminationStatus) -> Ending {
        switch status {
        case .exited(portTakenStatus): Ending(words: "another program has its port", isPortTaken: true)
        case .exited(let code): Ending(words: "exit status \(code)")
        case .signaled(let number): Ending(words: "signal \(number)")
        }
    }

    private func arguments(_ address: NodeAddress) throws -> [String] {
        let rate = setup.reshardRate.map { ["--reshard-rate", "\($0)"] } ?? []
        // A node may be killed in front of an audience, and then nothing that was answered may be lost.
        let disk =
            setup.isInMemory ? [] : ["--data-dir", "\(folder)/node-\(address.port)", "--durability", "sync"]
        return ["--allow-faults"] + rate + disk + (try security?.arguments(of: address) ?? [])
    }

    private func environment(_ address: NodeAddress) -> [Environment.Key: String?] {
        let isFounder = addresses.contains(address)
        return [
            "SOCKET_ADDRESS": address.description,
            "VIEW": (isFounder ? addresses : addresses + [address]).map(\.description).joined(separator: ","),
            "SHARD_COUNT": isFounder ? "\(setup.shardCount)" : nil,
            "SHARDNODE_EXIT_WITH_STDIN": "1",
        ]
    }

    /// The nodes run in a process group of their own, which keeps Ctrl-C from them: the demo stops them, in order.
    private static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.processGroupID = 0
        // A process that is stopped would not see the request to end.
        options.teardownSequence = [
            .send(signal: .resume, allowedDurationToNextStep: .milliseconds(1)),
            .gracefulShutDown(allowedDurationToNextStep: .seconds(3)),
        ]
        return options
    }
}
