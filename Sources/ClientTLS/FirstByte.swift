import NIOCore

/// Looks at the first byte that the other side sends, before TLS or anything else makes sense of it, and then is gone:
/// who speaks another protocol shows it there.
public final class FirstByte: ChannelInboundHandler, RemovableChannelHandler {
    public typealias InboundIn = ByteBuffer

    private let saw: (UInt8) -> Void

    /// - Parameter saw: called once, on the channel's event loop, before the byte goes on.
    public init(_ saw: @escaping (UInt8) -> Void) { self.saw = saw }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let byte: UInt8 = buffer.getInteger(at: buffer.readerIndex) { saw(byte) }
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}
