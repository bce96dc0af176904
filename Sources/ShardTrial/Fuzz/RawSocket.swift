import NIOCore
import NIOPosix
import ShardCore
import Synchronization

/// A connection to a node that sends whatever bytes it is given, and keeps what comes back.
final class RawSocket: Sendable {
    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let inbox: Inbox

        init(_ inbox: Inbox) { self.inbox = inbox }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { inbox.take(unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { inbox.end() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private final class Inbox: Sendable {
        private static let bytesMax = 1024 * 1024
        private let state = Mutex((bytes: [UInt8](), isClosed: false))

        func take(_ part: ByteBuffer) {
            let part = part.getBytes(at: part.readerIndex, length: part.readableBytes) ?? []
            state.withLock { if $0.bytes.count < Self.bytesMax { $0.bytes += part } }
        }
        func end() { state.withLock { $0.isClosed = true } }
        var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
        var isClosed: Bool { state.withLock { $0.isClosed } }
    }

    private let channel: any Channel
    private let inbox: Inbox

    private init(_ channel: any Channel, _ inbox: Inbox) { (self.channel, self.inbox) = (channel, inbox) }

    static func open(to node: NodeAddress) async throws -> RawSocket {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(inbox))
                }
            }
            .connect(host: node.host, port: node.port).get()
        return RawSocket(channel, inbox)
    }

    var isClosed: Bool { inbox.isClosed }
    /// All that came until now.
    var text: String { inbox.text }

    /// False if the node has closed the connection.
    @discardableResult
    func send(_ bytes: [UInt8]) async -> Bool {
        do {
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
            return true
        } catch {
            return false
        }
    }

    /// Waits until `condition` holds of what came, the node closes, or the time is over.
    func received(within limit: Duration, _ condition: (String) -> Bool) async -> String {
        let end = ContinuousClock.now + limit
        while !isClosed, ContinuousClock.now < end, !condition(text) { try? await Task.sleep(for: .milliseconds(1)) }
        return text
    }

    func close() async { try? await channel.close() }
}
