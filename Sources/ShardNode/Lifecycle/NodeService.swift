import HostSystem
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A node as a service: runs until it is told to stop gracefully, or is cancelled.
public struct NodeService: Service {
    private let configuration: NodeConfiguration
    private let logger: Logger

    public init(configuration: NodeConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Returns within 10 seconds of a graceful shutdown's begin.
    ///
    /// - Throws: ``StartError`` where the node cannot start.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let node = try await Node.start(configuration: configuration, eventLoop: group.next(), logger: logger)
            // Cancellation ends the node as gracefully.
            try? await gracefulShutdown()
            await node.stop()
            try await group.shutdownGracefully()
        } catch {
            try? await group.shutdownGracefully()
            throw error as? StartError
                ?? StartError(kind: .system, description: "The node cannot start: \(NodeErrors.words(error)).")
        }
    }
}
