import Foundation
import LocalNodes
import ShardClient
import ShardCore
import ShardWire

/// Real nodes on this machine, with a proxy in every link between two of them.
public final class TrialCluster: Sendable {
    public struct Setup: Sendable {
        /// The `shardnode` to run.
        public var program: String
        public var nodeCount = 6
        public var shardCount = 2
        public var writeAcks = 1
        public var durability = Durability.memory
        /// The reshards' limit, so that their phases last; nil for none.
        public var keysPerSecondMax: Int?
        /// Further arguments of every node.
        public var arguments: [String] = []

        public init(program: String) { self.program = program }
    }

    public let setup: Setup
    public let nodes: [NodeAddress]
    /// The nodes' logs and data; removed at the end where all went well.
    public let folder: String
    /// Held so that no other program with nodes of its own takes their ports.
    private let claims: [PortClaim]
    let processes: [NodeAddress: NodeProcess]
    let proxies: [NodeAddress: [NodeAddress: LinkProxy]]

    /// Runs `body` with a cluster that serves, and ends its nodes whatever happens.
    static func with(
        _ setup: Setup, _ body: (TrialCluster, NodeTransport) async throws -> Trial.Report
    ) async throws -> Trial.Report {
        let cluster = try await TrialCluster(setup)
        do {
            var report = try await NodeTransport.with(connectionsPerNodeMax: 64) { transport in
                for node in cluster.nodes { try cluster.start(node) }
                try await cluster.awaitAgreement(transport)
                if let ended = cluster.nodes.first(where: { !cluster.isRunning($0) }) {
                    throw TrialError("\(ended) ended as soon as it was started")
                }
                return try await body(cluster, transport)
            }
            await cluster.end()
            if report.problems.isEmpty {
                try? FileManager.default.removeItem(atPath: cluster.folder)
            } else {
                report.problems[0] += "; logs: \(cluster.folder)"
            }
            return report
        } catch {
            await cluster.end()
            throw TrialError("\(error); logs: \(cluster.folder)")
        }
    }

    private init(_ setup: Setup) async throws {
        self.setup = setup
        claims = try Self.claimPorts(setup.nodeCount)
        let nodes = claims.compactMap { NodeAddress("127.0.0.1:\($0.port)") }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("shardtrial-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var proxies: [NodeAddress: [NodeAddress: LinkProxy]] = [:]
        for from in nodes {
            for to in nodes where to != from { proxies[from, default: [:]][to] = try await LinkProxy.start(to: to) }
        }
        let lifeLine = try LifeLine()
        processes = Dictionary(
            uniqueKeysWithValues: nodes.map { node in
                var arguments = ["--write-acks", "\(setup.writeAcks)"]
                for (peer, proxy) in proxies[node] ?? [:] { arguments += ["--reach", "\(peer)=\(proxy.address)"] }
                if let rate = setup.keysPerSecondMax { arguments += ["--reshard-rate", "\(rate)"] }
                if setup.durability != .memory {
                    arguments += [
                        "--data-dir", Self.dataFolder(of: node, in: folder), "--durability", setup.durability.rawValue,
                    ]
                }
                let environment = [
                    "SOCKET_ADDRESS": "\(node)", "VIEW": nodes.map(\.description).joined(separator: ","),
                    "SHARD_COUNT": "\(setup.shardCount)", "SHARDNODE_EXIT_WITH_STDIN": "1",
                ]
                return (
                    node,
                    NodeProcess(
                        address: node, program: setup.program, arguments: arguments, environment: environment,
                        logPath: "\(folder)/\(node.port).log", lifeLine: lifeLine, furtherArguments: setup.arguments)
                )
            })
        self.nodes = nodes
        self.folder = folder
        self.proxies = proxies
    }

    /// Ports below those that connections get by themselves, so that none is taken while its node is down.
    private static func claimPorts(_ count: Int) throws -> [PortClaim] {
        let claims = try PortClaim.take(count, from: Int.random(in: 12_000...24_000))
        guard claims.count == count else { throw TrialError("fewer than \(count) free ports") }
        return claims
    }

    private func end() async {
        for process in processes.values {
            process.goOn()
            process.kill9()
        }
        for proxy in proxies.values.flatMap(\.values) { await proxy.stop() }
    }

    // MARK: Injuries

    public func start(_ node: NodeAddress) throws { try processes[node]?.start() }
    public func kill9(_ node: NodeAddress) { processes[node]?.kill9() }

    /// Asks all nodes at once to stop gracefully, and waits until they have.
    public func stopAll() async throws {
        try await stop(nodes)
    }

    /// Asks these nodes at once to stop gracefully, and waits until they have.
    func stop(_ stopped: [NodeAddress]) async throws {
        for node in stopped { processes[node]?.terminate() }
        let end = ContinuousClock.now + Self.patience
        while let node = stopped.first(where: isRunning) {
            guard ContinuousClock.now < end else { throw TrialError("\(node) does not stop") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    public func pause(_ node: NodeAddress) { processes[node]?.pause() }
    public func goOn(_ node: NodeAddress) { processes[node]?.goOn() }
    public func isRunning(_ node: NodeAddress) -> Bool { processes[node]?.isRunning ?? false }
    public func processID(_ node: NodeAddress) -> Int32? { processes[node]?.id }

    /// The folder for a node's data, which is used only under a durability that keeps any.
    public func dataFolder(of node: NodeAddress) -> String { Self.dataFolder(of: node, in: folder) }

    private static func dataFolder(of node: NodeAddress, in folder: String) -> String { "\(folder)/\(node.port)" }

    func link(from: NodeAddress, to: NodeAddress, _ manner: LinkProxy.Manner) { proxies[from]?[to]?.behave(manner) }

    /// Cuts every link between the two groups, both ways.
    public func partition(_ one: [NodeAddress], from other: [NodeAddress]) {
        for a in one {
            for b in other {
                link(from: a, to: b, .cut)
                link(from: b, to: a, .cut)
            }
        }
    }

    public func healLinks() {
        for proxy in proxies.values.flatMap(\.values) { proxy.behave(.open) }
    }

    // MARK: State of the nodes

    /// The longest wait for what must come; far more than it takes.
    static let patience = Duration.seconds(60)

    func source(_ transport: NodeTransport) -> PollingSource { PollingSource(seeds: nodes, transport: transport) }

    /// Waits until all nodes that run serve one and the same layout with nothing left to pass on. Says how long it
    /// took.
    @discardableResult
    public func awaitAgreement(_ transport: NodeTransport) async throws -> Duration {
        let source = source(transport)
        let start = ContinuousClock.now
        var obstacle = "nobody answered"
        while ContinuousClock.now - start < Self.patience {
            let states = await source.snapshot().states.filter { isRunning($0.key) }
            obstacle = Self.disagreement(states, of: nodes.filter(isRunning)) ?? ""
            if obstacle.isEmpty { return ContinuousClock.now - start }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TrialError("the nodes do not agree after \(Self.patience): \(obstacle)")
    }

    static func disagreement(_ states: [NodeAddress: ReplicaStatus], of nodes: [NodeAddress]) -> String? {
        if let silent = nodes.first(where: { states[$0] == nil }) { return "\(silent) does not answer" }
        let epochs = Set(states.values.map(\.epoch))
        if epochs.count > 1 { return "epochs \(epochs.sorted().map(EpochNumber.words).joined(separator: " and "))" }
        for (node, status) in states.sorted(by: { $0.key < $1.key }) {
            if status.state != .serving, status.state != .joiner { return "\(node) is \(status.state.rawValue)" }
            if status.handOnEntries > 0 { return "\(node) hands on \(status.handOnEntries) entries" }
            let up = status.peers.filter { $0.health == .up && nodes.contains($0.address) }.count
            if up < nodes.count { return "\(node) sees \(up) of \(nodes.count) nodes" }
            if let lag = status.peers.compactMap(\.lagWrites).max(), lag > 0, nodes.count == members(status) {
                return "\(node) is \(lag) writes ahead of a peer"
            }
        }
        return nil
    }

    private static func members(_ status: ReplicaStatus) -> Int { status.shards.reduce(0) { $0 + $1.count } }
}
