import NIOCore
import NIOPosix
import Synchronization
import ValkeyClient

/// A cluster of scripted servers of RESP on 127.0.0.1, for what real servers do not do on demand. All its nodes live on
/// one thread, each with a port of its own.
public final class PaperCluster: Sendable {
    private let state: Mutex<PaperState>
    private let group: MultiThreadedEventLoopGroup
    private let sockets = Mutex(Sockets())

    private struct Sockets {
        var listeners: [Int: any Channel] = [:]
        var connections: [Int: [ObjectIdentifier: any Channel]] = [:]
    }

    private init(engine: PaperEngine, group: MultiThreadedEventLoopGroup) {
        state = Mutex(PaperState(engine: engine))
        self.group = group
    }

    /// Runs `body` with a cluster: primaries that share the slots evenly, then their replicas, those of the first primary
    /// first, then spares without slots.
    ///
    /// - Parameter unnamedKeysPerSlot: how many keys every slot seems to have.
    public static func with<Result: Sendable>(
        _ engine: PaperEngine = .valkey9, primaries: Int = 3, replicasEach: Int = 0, spares: Int = 0,
        unnamedKeysPerSlot: Int = 0, _ body: (PaperCluster) async throws -> Result
    ) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let cluster = PaperCluster(engine: engine, group: group)
        let result: Result
        do {
            try await cluster.listen(count: primaries * (1 + replicasEach) + spares)
            cluster.change { state in
                for index in 0..<primaries {
                    let first = index * HashSlot.count / primaries
                    let last = (index + 1) * HashSlot.count / primaries - 1
                    if first <= last { state.nodes[index].slots = SlotSet(first...last) }
                    state.nodes[index].unnamedKeysPerSlot = unnamedKeysPerSlot
                }
                for replica in 0..<(primaries * replicasEach) {
                    state.nodes[primaries + replica].primary = replica / replicasEach
                }
            }
            result = try await body(cluster)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
        return result
    }

    // MARK: For tests

    /// Reads or changes what is on the paper, at one moment.
    @discardableResult public func change<Result: Sendable>(
        _ body: (inout PaperState) throws -> sending Result
    ) rethrows -> sending Result {
        try state.withLock { state in
            defer { state.touch() }
            return try body(&state)
        }
    }

    public var addresses: [ServerAddress] {
        change { $0.nodes.map { ServerAddress(host: "127.0.0.1", port: $0.port) } }
    }

    public func address(_ node: Int) -> ServerAddress { addresses[node] }
    public func id(_ node: Int) -> String { change { $0.nodes[node].id } }

    /// From now on something goes wrong.
    public func inject(
        _ effect: PaperFault.Effect, on command: String, at node: Int? = nil, skipping: Int = 0, times: Int? = 1
    ) {
        let fault = PaperFault(effect, on: command, at: node, skipping: skipping, times: times)
        change { $0.faults.append(fault) }
    }

    public func removeFaults() { change { $0.faults = [] } }

    /// As by `kill -9`: connections break, new ones are refused, jobs with it fail. What the others think of it, and
    /// whether a replica takes its place, is for the test to say.
    public func kill(_ node: Int) async {
        let channels = end(node)
        for channel in channels { try? await channel.closeFuture.get() }
    }

    /// Starts one that was killed, on its port. It has what it had.
    public func restart(_ node: Int) async throws {
        try await listen(node, port: change { $0.nodes[node].port })
        change { $0.nodes[node].isRunning = true }
    }

    /// Starts one node more, which knows nobody.
    ///
    /// - Returns: its place.
    public func startAnother() async throws -> Int {
        let channel = try await bind(nil, port: 0)
        let node = change { state in
            let node = state.addNode(port: channel.localAddress?.port ?? 0)
            state.nodes[node].circle = (state.nodes.map(\.circle).max() ?? 0) + 1
            return node
        }
        try await channel.close()
        try await listen(node, port: change { $0.nodes[node].port })
        return node
    }

    // MARK: Sockets

    private func listen(count: Int) async throws {
        var bound: [any Channel] = []
        // A node's place is its port's place in this order.
        for node in 0..<count { bound.append(try await bind(node, port: 0)) }
        let ports = bound.map { $0.localAddress?.port ?? 0 }
        change { state in
            for port in ports { _ = state.addNode(port: port) }
        }
        for (node, channel) in bound.enumerated() { sockets.withLock { $0.listeners[node] = channel } }
    }

    private func listen(_ node: Int, port: Int) async throws {
        let channel = try await bind(node, port: port)
        sockets.withLock { $0.listeners[node] = channel }
    }

    /// - Parameter node: nil closes whatever comes.
    private func bind(_ node: Int?, port: Int) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                guard let node else { return channel.close() }
                self.add(channel, to: node)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PaperConnection(cluster: self, node: node))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
    }

    private func add(_ channel: any Channel, to node: Int) {
        let id = ObjectIdentifier(channel)
        sockets.withLock { $0.connections[node, default: [:]][id] = channel }
        channel.closeFuture.whenComplete { _ in
            self.sockets.withLock { $0.connections[node]?[id] = nil }
        }
    }

    /// How many connections clients have to a node.
    public func connectionCount(_ node: Int) -> Int { sockets.withLock { $0.connections[node]?.count ?? 0 } }

    /// Ends a node at once.
    ///
    /// - Returns: what is being closed.
    @discardableResult func end(_ node: Int) -> [any Channel] {
        change { state in
            state.nodes[node].isRunning = false
            for job in state.jobs where job.source == node || job.target == node {
                let other = job.source == node ? job.target : job.source
                let side = job.source == node ? "source" : "target"
                state.failJobs(of: other, message: "Connection lost to \(side)")
            }
        }
        let channels = sockets.withLock { sockets in
            let connections = sockets.connections.removeValue(forKey: node) ?? [:]
            return [sockets.listeners.removeValue(forKey: node)].compactMap { $0 } + Array(connections.values)
        }
        for channel in channels { channel.close(promise: nil) }
        return channels
    }

    func answer(_ command: PaperCommand, at node: Int, _ client: inout PaperClient) -> PaperOutcome {
        state.withLock { state in
            state.record?.append(PaperCall(node: node, words: command.words))
            let effect = state.fault(command.words, at: node)
            switch effect {
            case .error(let words): return .bytes(RESPValue.failure(words).bytes(version: client.version))
            case .reply(let value): return .bytes(value.bytes(version: client.version))
            case .silence: return .silence
            case .death(afterDoing: false): return .death
            default: break
            }
            let reply = state.answer(command, at: node, &client).bytes(version: client.version)
            switch effect {
            case .bytes(let bytes): return .bytes(bytes)
            case .cut(let count): return .cut(Array(reply.prefix(count)))
            case .oversize(let count): return .bytes(Array("$\(count)\r\n".utf8))
            case .delay(let delay): return .later(reply, TimeAmount(delay))
            case .death: return .death
            case .error, .reply, .silence, nil: return .bytes(reply)
            }
        }
    }
}
