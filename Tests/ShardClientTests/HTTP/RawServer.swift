import NIOCore
import NIOPosix
import NIOSSL
import ShardCore
import Synchronization

/// Listens on a port of 127.0.0.1 and answers each read with bytes as they are written down, whatever was asked.
final class RawServer: Sendable {
    enum Act: Sendable {
        case write(String)
        /// So many bytes, in parts.
        case fill(bytes: Int)
        /// A byte now and then, for ever.
        case dribble
        case close
    }

    let address: NodeAddress
    private let listener: any Channel
    private let counter: Counter

    private final class Counter: Sendable {
        let accepted = Atomic<Int>(0)
        let heard = Mutex("")
    }

    /// All that was sent to it.
    var heard: String { counter.heard.withLock { $0 } }

    /// Connections taken so far.
    var accepted: Int { counter.accepted.load(ordering: .sequentiallyConsistent) }

    /// - Parameters:
    ///   - silent: so many connections, the first ones, are never answered.
    ///   - tls: nil speaks plain text.
    static func with(
        _ acts: [Act], silent: Int = 0, tls: TLSConfiguration? = nil, _ body: (RawServer) async throws -> Void
    ) async throws {
        let server = try await RawServer(acts, silent: silent, tls: tls.map(NIOSSLContext.init))
        do {
            try await body(server)
        } catch {
            try? await server.listener.close()
            throw error
        }
        try? await server.listener.close()
    }

    private init(_ acts: [Act], silent: Int, tls: NIOSSLContext?) async throws {
        let counter = Counter()
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = counter.accepted.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(
                        RawHandler(number > silent ? acts : []) { text in counter.heard.withLock { $0 += text } })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.counter = counter
        address = NodeAddress("127.0.0.1:\(listener.localAddress!.port!)")!
    }
}

private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let acts: [RawServer.Act]
    private let hear: (String) -> Void

    init(_ acts: [RawServer.Act], hear: @escaping (String) -> Void) {
        self.acts = acts
        self.hear = hear
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hear(String(buffer: unwrapInboundIn(data)))
        for act in acts {
            switch act {
            case .write(let text): write(ByteBuffer(string: text), context)
            case .fill(let bytes):
                let part = ByteBuffer(repeating: 0x61, count: 64 * 1024)
                for _ in 0..<(bytes / part.readableBytes + 1) { write(part, context) }
            case .dribble: dribble(context)
            case .close: context.close(promise: nil)
            }
        }
    }

    private func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func dribble(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        write(ByteBuffer(string: "a"), context)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(20)) { bound.value.0.dribble(bound.value.1) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
