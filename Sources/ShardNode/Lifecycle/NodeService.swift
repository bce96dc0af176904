import HostSystem
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// A node as a service: runs until it is told to stop gracefully, or is cancelled.
public struct NodeService: Service {
    private let configuration: NodeConfiguration
    private let logger: Logger

    public init(configuration: NodeConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    private func readFilesAtHangup(_ node: Node) async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) { node.readSecurityFiles() }
    }

    /// Runs the node. Returns within 10 seconds of a graceful shutdown's begin.
    ///
    /// - Throws: ``StartError`` if the node cannot start.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let node = try await Node.start(configuration: configuration, eventLoop: group.next(), logger: logger)
            await withTaskGroup(of: Void.self) { group in
                if configuration.security.isWatched { group.addTask { await readFilesAtHangup(node) } }
                // Cancellation ends the node as gracefully.
                try? await gracefulShutdown()
                group.cancelAll()
            }
            await node.stop()
            try await group.shutdownGracefully()
        } catch {
            try? await group.shutdownGracefully()
            throw error as? StartError
                ?? StartError(kind: .system, description: "The node cannot start: \(NodeErrors.words(error)).")
        }
    }
}
