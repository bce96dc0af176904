import NIOCore
import NIOPosix

/// Finds out what a server speaks that gave no answer, on a connection of its own. It sends no secret.
enum ProtocolProbe {
    /// A TLS handshake's first message, the least that makes a TLS server answer: with its hello or an alert.
    private static let clientHello: [UInt8] = {
        let ciphers: [UInt8] = [0xC0, 0x2F, 0xC0, 0x2B, 0x00, 0x9C, 0x00, 0x2F]
        let hello =
            [0x03, 0x03] + [UInt8](repeating: 0x5A, count: 32) + [0, 0, UInt8(ciphers.count)] + ciphers + [1, 0]
        let message = [0x01, 0, 0, UInt8(hello.count)] + hello
        return [0x16, 0x03, 0x01, 0, UInt8(message.count)] + message
    }()
    private static let ping = Array("*1\r\n$4\r\nPING\r\n".utf8)
    private static let limit = TimeAmount.milliseconds(400)
    /// So long TLS may go unanswered before the other protocol is tried beside it.
    static let patience = TimeAmount.milliseconds(600)

    /// - Parameter speakingTLS: else it speaks plain text.
    /// - Returns: nil if nothing comes within the limit. It does not fail.
    static func firstByte(
        of server: ServerAddress, speakingTLS: Bool, on loop: any EventLoop
    ) -> EventLoopFuture<UInt8?> {
        let promise = loop.makePromise(of: UInt8?.self)
        loop.scheduleTask(in: limit) { promise.succeed(nil) }
        ClientBootstrap(group: loop).connectTimeout(limit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let listener = Listener(speakingTLS ? clientHello : ping, promise)
                    try channel.pipeline.syncOperations.addHandler(listener)
                }
            }
            .connect(host: server.host, port: server.port)
            .whenComplete { result in
                guard case .success(let channel) = result else { return promise.succeed(nil) }
                // Whatever came of it, its connection goes.
                promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
            }
        return promise.futureResult
    }

    /// The error that this byte shows of a server that gave no answer to the other protocol; nil if it shows none.
    static func error(_ byte: UInt8?, _ server: ServerAddress, spokeTLS: Bool) -> ServerError? {
        switch (spokeTLS, byte.map(ForeignAnswer.init(firstByte:))) {
        case (true, .tls): ForeignAnswer.tls.error(at: server)
        case (false, .http): ForeignAnswer.http.error(at: server)
        case (false, .other): ForeignAnswer.plainText(at: server)
        default: nil
        }
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let sent: [UInt8]
        private var promise: EventLoopPromise<UInt8?>?

        init(_ sent: [UInt8], _ promise: EventLoopPromise<UInt8?>) {
            self.sent = sent
            self.promise = promise
        }

        func channelActive(context: ChannelHandlerContext) {
            context.channel.writeAndFlush(ByteBuffer(bytes: sent), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            end(context, buffer.getInteger(at: buffer.readerIndex))
        }

        func channelInactive(context: ChannelHandlerContext) { end(context, nil) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { end(context, nil) }

        private func end(_ context: ChannelHandlerContext, _ byte: UInt8?) {
            promise?.succeed(byte)
            promise = nil
            context.close(promise: nil)
        }
    }
}
