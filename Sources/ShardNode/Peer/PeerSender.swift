import HostSystem
import NIOCore
import NIOSSL
import NIOTLS

/// Opens the protocol on a connection to a peer, then watches the connection: the peer never says anything on it again.
final class PeerSender: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let link: PeerLink
    private let greeting: PeerGreeting
    /// True if the peer is asked only once TLS has told who it is.
    private let awaitsTLS: Bool
    private var answer = ByteBuffer()
    private var isOpen = false
    /// True once the link goes on without this connection.
    private var isGone = false

    init(link: PeerLink, greeting: PeerGreeting, awaitsTLS: Bool) {
        self.link = link
        self.greeting = greeting
        self.awaitsTLS = awaitsTLS
    }

    func channelActive(context: ChannelHandlerContext) {
        if !awaitsTLS { ask(context) }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if awaitsTLS, let event = event as? TLSUserEvent, case .handshakeCompleted = event { meet(context) }
        context.fireUserInboundEventTriggered(event)
    }

    /// Checks that the certificate is the peer's own; the authority vouches for it already.
    private func meet(_ context: ChannelHandlerContext) {
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        guard let names = certificate.flatMap({ CertificateNames($0) }), names.names(host: link.peer.host) else {
            return refuse(
                context, "the certificate that it shows does not name \(link.peer.host); make it one that does")
        }
        ask(context)
    }

    private func ask(_ context: ChannelHandlerContext) {
        let request = context.channel.allocator.buffer(string: greeting.request)
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data)
        guard !isOpen else { return giveUp(context, "unexpected data from the peer") }
        answer.writeBuffer(&part)
        guard answer.readableBytes <= PeerProtocol.answerBytesMax else {
            return giveUp(context, "the answer to the upgrade is too long")
        }
        judge(context, hasEnded: false)
    }

    private func judge(_ context: ChannelHandlerContext, hasEnded: Bool) {
        switch greeting.verdict(String(buffer: answer), hasEnded: hasEnded) {
        case .incomplete: break
        case .refused(let reason): refuse(context, reason)
        case .open(let proof):
            isOpen = true
            answer = ByteBuffer()
            if !proof.isEmpty { context.write(wrapOutboundOut(ByteBuffer(bytes: proof)), promise: nil) }
            link.opened(context.channel)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isGone {
            if !isOpen, answer.readableBytes > 0 { judge(context, hasEnded: true) }
            link.broke("the connection was closed")
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isGone else { return }
        if TLSWords.saysPlain(error), link.canGoPlain {
            isGone = true
            return link.goPlain()
        }
        // After the handshake with the peer, it is the network that failed.
        let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        guard awaitsTLS, !isOpen, let words = TLSWords.of(error, certificate: shown) else {
            return giveUp(context, NodeErrors.words(error))
        }
        refuse(context, words)
    }

    private func refuse(_ context: ChannelHandlerContext, _ reason: String) {
        link.refused(reason)
        giveUp(context, reason)
    }

    private func giveUp(_ context: ChannelHandlerContext, _ reason: String) {
        link.broke(reason)
        context.close(promise: nil)
    }
}
