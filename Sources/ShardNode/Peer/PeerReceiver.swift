import HostSystem
import Logging
import NIOCore
import ShardCore

/// The receiving end of a peer's link: every message on it becomes an event.
///
/// Whoever speaks the protocol is heard; a frame that does not decode closes the link.
final class PeerReceiver: ChannelInboundHandler {
    typealias InboundIn = Envelope
    typealias InboundOut = Never

    private let core: NodeCore
    private var lastHeard: NIODeadline
    private var context: ChannelHandlerContext?
    private var peer: NodeAddress?

    init(core: NodeCore) {
        self.core = core
        lastHeard = core.connections.now
    }

    /// What turns the bytes into messages; stands before this one in the pipeline.
    func makeHandler() -> ByteToMessageHandler<PeerFrameDecoder> {
        ByteToMessageHandler(PeerFrameDecoder(), maximumBufferSize: PeerFrames.bytesMax + 1024 * 1024)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        core.connections.insert(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        lastHeard = core.connections.now
        peer = envelope.from
        if !core.isIsolated { core.feed(.message(envelope)) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, case .inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let from = peer?.description ?? context.remoteAddress?.description ?? "unknown"
        core.logger.warning(
            "Closed a peer's link", metadata: ["peer": "\(from)", "reason": "\(NodeErrors.words(error))"])
        context.close(promise: nil)
    }

    func checkSilence(_ now: NIODeadline) {
        if now > lastHeard + PeerLimits.silence { closeNow() }
    }

    func closeNow() { context?.close(promise: nil) }

    private func forget() {
        context = nil
        core.connections.remove(self)
    }
}
