import HostSystem
import Logging
import NIOCore
import NIOSSL
import ShardCore

/// The receiving end of a peer's link: every message on it becomes an event.
///
/// The admission was decided when the link was opened; a frame that does not decode closes the link.
final class PeerReceiver: ChannelInboundHandler {
    typealias InboundIn = Envelope
    typealias InboundOut = Never

    private let core: NodeCore
    private var lastHeard: NIODeadline
    private var context: ChannelHandlerContext?
    private var peer: NodeAddress?
    private let admission: PeerAdmission
    /// True while the peer has not proven itself; nothing of it is heard before.
    private var awaitsProof: Bool

    init(core: NodeCore, admission: PeerAdmission = .open) {
        self.core = core
        self.admission = admission
        if case .proving(_, let challenge) = admission {
            awaitsProof = challenge.isRequired
        } else {
            awaitsProof = false
        }
        lastHeard = core.connections.now
    }

    /// Makes the decoder that turns the bytes into messages; it stands before this handler in the pipeline.
    func makeHandler() -> ByteToMessageHandler<PeerFrameDecoder> {
        var decoder = PeerFrameDecoder(room: core.connections.frames)
        if case .proving(_, let challenge) = admission { decoder.challenge = challenge }
        return ByteToMessageHandler(decoder, maximumBufferSize: PeerFrames.bytesMax + 1024 * 1024)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        core.connections.insert(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        if awaitsProof {
            awaitsProof = false
            core.security.refusedLink(
                remote(context),
                "it went without proving the cluster's secret: its own may be another, or it knows this node by "
                    + "another address; give both the same --cluster-secret-file, and see its log")
        }
        forget()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        lastHeard = core.connections.now
        guard admission.lets(envelope.from) else {
            core.security.refusedLink(
                admission.peer?.description ?? "A peer",
                "it sends a message as \(envelope.from), which it is not; give each node a certificate and an address of "
                    + "its own")
            return context.close(promise: nil)
        }
        peer = envelope.from
        if !core.isIsolated { core.feed(.message(envelope)) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is PeerFrameDecoder.Proven { awaitsProof = false }
        if let event = event as? ChannelEvent, case .inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A peer that was killed says no goodbye; another event tells that its connection ended.
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
        if let error = error as? PeerFrameError, case .unproven = error {
            awaitsProof = false
            core.security.refusedLink(remote(context), error.description)
            return context.close(promise: nil)
        }
        let from = peer?.description ?? context.remoteAddress?.description ?? "unknown"
        core.logger.warning(
            "Closed a peer's link", metadata: ["peer": "\(from)", "reason": "\(NodeErrors.words(error))"])
        context.close(promise: nil)
    }

    func checkSilence(_ now: NIODeadline) {
        if awaitsProof, now > lastHeard + PeerLimits.proofTime {
            awaitsProof = false
            if let context {
                core.security.refusedLink(remote(context), "it proves nothing in time; see whether it hangs")
            }
            closeNow()
        }
        if now > lastHeard + PeerLimits.silence { closeNow() }
    }

    private func remote(_ context: ChannelHandlerContext) -> String {
        admission.peer?.description ?? context.remoteAddress?.ipAddress ?? "A peer"
    }

    func closeNow() { context?.close(promise: nil) }

    private func forget() {
        context = nil
        core.connections.remove(self)
    }
}
