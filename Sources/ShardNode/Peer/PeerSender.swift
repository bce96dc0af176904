import HostSystem
import NIOCore

/// Opens the protocol on a connection to a peer, then watches it: a peer never says anything on it after that.
final class PeerSender: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let link: PeerLink
    private var answer = ByteBuffer()
    private var isOpen = false

    init(link: PeerLink) { self.link = link }

    func channelActive(context: ChannelHandlerContext) {
        let request = context.channel.allocator.buffer(string: PeerProtocol.request(to: link.peer))
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        guard !isOpen else { return giveUp(context, "unexpected data from the peer") }
        answer.writeBuffer(&part)
        guard answer.readableBytes <= PeerProtocol.answerBytesMax else {
            return giveUp(context, "the answer to the upgrade is too long")
        }
        let text = String(buffer: answer)
        guard text.hasSuffix("\r\n\r\n") else { return }
        guard text.hasPrefix(PeerProtocol.acceptancePrefix) else {
            return giveUp(context, "the upgrade was refused: \(text.prefix { $0 != "\r\n" })")
        }
        isOpen = true
        answer = ByteBuffer()
        link.opened(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.broke("the connection was closed")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { giveUp(context, NodeErrors.words(error)) }

    private func giveUp(_ context: ChannelHandlerContext, _ reason: String) {
        link.broke(reason)
        context.close(promise: nil)
    }
}
