import Logging
import NIOCore
import NIOPosix
import ShardCore

@testable import ShardNode

/// A node on a port of the system's choosing, with a ``FakeMachine`` in the place of the replica.
struct RunningNode {
    let node: Node
    let record: FakeMachine.Record
    let group: MultiThreadedEventLoopGroup

    var port: Int { node.port }
    var address: NodeAddress { NodeAddress("127.0.0.1:\(port)")! }

    /// Runs `body` against a node, and stops it whatever happens.
    static func with<Result>(
        connectionsMax: Int = 1_000, limits: HTTPLimits? = nil, peerLimits: PeerLimits = PeerLimits(),
        port: Int = 0, view: String? = nil, hostNames: String? = nil,
        settings: NodeSettings = NodeSettings(), _ body: (RunningNode) async throws -> Result
    ) async throws -> Result {
        let running = try await start(
            connectionsMax: connectionsMax, limits: limits, peerLimits: peerLimits, port: port, view: view,
            hostNames: hostNames, settings: settings)
        do {
            let result = try await body(running)
            await running.stop()
            return result
        } catch {
            await running.stop()
            throw error
        }
    }

    static func start(
        connectionsMax: Int = 1_000, limits: HTTPLimits? = nil, peerLimits: PeerLimits = PeerLimits(), port: Int = 0,
        view: String? = nil, hostNames: String? = nil, settings: NodeSettings = NodeSettings()
    ) async throws -> RunningNode {
        var settings = settings
        settings.socketAddress = settings.socketAddress ?? .init(name: "SOCKET_ADDRESS", text: testAddress.description)
        settings.view = settings.view ?? .init(name: "VIEW", text: view ?? "127.0.0.1:8081,127.0.0.1:8082")
        settings.hostNames = hostNames.map { .init(name: "--host-name", text: $0) }
        settings.connectionsMax = connectionsMax
        settings.valueBytesMax = 1_000
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let record = FakeMachine.Record()
        let node = try await Node.start(
            configuration: try NodeConfiguration(settings), listenPort: port, limits: limits, peerLimits: peerLimits,
            eventLoop: group.next(), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            makeMachine: { _, _ in FakeMachine(record: record) })
        return RunningNode(node: node, record: record, group: group)
    }

    /// - Parameter limit: how long clients may take to read what they asked for.
    func stop(answersAtMost limit: TimeAmount = Node.StopLimits().answers) async {
        var limits = Node.StopLimits()
        limits.answers = limit
        await node.stop(limits: limits)
        try? await group.shutdownGracefully()
    }

    func value<Value: Sendable>(_ read: @escaping @Sendable (Node.Parts) -> Value) async throws -> Value {
        let parts = node.parts
        return try await node.eventLoop.submit { read(parts.value) }.get()
    }
}

extension NodeSettings {
    static func changed(_ change: (inout NodeSettings) -> Void) -> NodeSettings {
        var settings = NodeSettings()
        change(&settings)
        return settings
    }
}

/// Waits until `condition` holds; false after a minute, which only a broken test meets.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try await condition() { return true }
        await Task.yield()
        try? await Task.sleep(for: .milliseconds(2))
    }
    return false
}
