import NIOCore
import NIOSSL

/// Stands first on a connection to a port that speaks TLS, and tells by the first byte what the client speaks.
final class PortSniffer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let context: NIOSSLContext
    private let connection: HTTPConnection

    init(context: NIOSSLContext, connection: HTTPConnection) {
        self.context = context
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let first = unwrapInboundIn(data)
        let pipeline = context.pipeline.syncOperations
        if first.getInteger(at: first.readerIndex, as: UInt8.self) == RequestDecoder.handshake {
            do {
                try pipeline.addHandler(NIOSSLServerHandler(context: self.context), position: .after(self))
                connection.isSecure = true
            } catch {
                return context.close(promise: nil)
            }
        } else {
            connection.isPlainOnSecurePort = true
        }
        context.fireChannelRead(wrapInboundOut(first))
        pipeline.removeHandler(self, promise: nil)
    }
}
