import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A connection that sends exactly the bytes it is told to, and keeps what comes back.
struct RawClient {
    let channel: any Channel
    let inbox: Inbox

    final class Inbox: Sendable {
        private let state = Mutex((bytes: [UInt8](), isClosed: false))

        var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
        func end(_ length: Int) -> String {
            state.withLock { String(decoding: $0.bytes.suffix(length), as: UTF8.self) }
        }
        func ends(with text: String) -> Bool { end(text.utf8.count) == text }
        var count: Int { state.withLock { $0.bytes.count } }
        var isClosed: Bool { state.withLock { $0.isClosed } }
        /// All bytes at once: other tests' connections are on the same loops.
        func append(_ bytes: ByteBuffer) {
            let bytes = bytes.getBytes(at: bytes.readerIndex, length: bytes.readableBytes) ?? []
            state.withLock { $0.bytes += bytes }
        }
        func close() { state.withLock { $0.isClosed = true } }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let inbox: Inbox

        init(_ inbox: Inbox) { self.inbox = inbox }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { inbox.append(unwrapInboundIn(data)) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent, case .inputClosed = event { inbox.close() }
        }

        func channelInactive(context: ChannelHandlerContext) { inbox.close() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// - Parameter reads: false for one that takes nothing in before ``startReading()``.
    static func connect(port: Int, reads: Bool = true, tls: NIOSSLContext? = nil) async throws -> RawClient {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .channelOption(ChannelOptions.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: nil)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    try channel.pipeline.syncOperations.addHandler(Handler(inbox))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, inbox: inbox)
    }

    /// Of the answers that came, in their order.
    var statuses: [Int] {
        inbox.text.components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// What came back once it holds `text`, or all that came where it never does.
    func received(_ text: String) async -> String {
        _ = await eventually { inbox.text.contains(text) || inbox.isClosed }
        return inbox.text
    }

    /// All that came until the node closed its side.
    func receivedAll() async -> String? {
        await eventually { inbox.isClosed } ? inbox.text : nil
    }

    func startReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: true).get() }

    func endInput() async throws { try await channel.close(mode: .output) }

    func close() async { try? await channel.close() }
}
