import NIOCore
import NIOHTTP1
import NIOSSL
import ShardCore
import ShardWire

/// One client's connection: tells an ``HTTPConnectionState`` what happens to a socket, and carries out its actions.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The bytes that are collected before they are handed to the channel, which then counts them as waiting for the
    /// client.
    private static let outputBytesMax = 64 * 1024

    private let core: NodeCore
    private let router: Router
    /// The connection's place in the connection table.
    var tableIndex: Int?
    /// Every event accesses the state several times. None of its methods calls out, so no two accesses can overlap, and
    /// checking for that at run time would cost more than the methods do.
    @exclusivity(unchecked) private var state: HTTPConnectionState
    private(set) var context: ChannelHandlerContext?
    private var isCarryingOut = false
    /// Answers that the channel does not have yet: those of one turn go to it in one piece.
    private var output: ByteBuffer?
    private var stream: ProgressSubscription?
    /// The bytes that the connection table counts for this connection.
    private var countedBytes = 0
    private let decoder: RequestDecoder
    /// The decoder as it stands before this handler in the pipeline.
    let decoding: ByteToMessageHandler<RequestDecoder>
    /// The host that the last request on this connection named, found to be right: most requests name the same.
    private var knownAuthority: String?
    var isSecure = false
    /// True if a client speaks plain HTTP on a port that speaks TLS.
    var isPlainOnSecurePort = false
    private var admission = PeerAdmission.open

    init(core: NodeCore, router: Router, limits: HTTPLimits) {
        self.core = core
        self.router = router
        state = HTTPConnectionState(limits: limits, isSurplus: core.connections.isFull, now: .now())
        decoder = HTTPLimits.makeDecoder()
        decoding = ByteToMessageHandler(decoder, maximumBufferSize: HTTPLimits.headBytesMax * 2)
    }

    // MARK: Events of the socket

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
        state.beginTurn()
        switch unwrapInboundIn(data) {
        case .head(let head):
            begin(head)
            if !state.hasSomethingToDo { return }
        case .body(let chunk):
            let hasRoom = core.connections.bodyBytes + chunk.readableBytes <= ConnectionTable.bodyBytesMax
            state.append(chunk, hasRoom: hasRoom)
            countBytes()
        case .end: state.endRequest()
        }
        carryOut()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        state.endTurn(readBytes: decoder.bytes)
        carryOut()
    }

    func read(context: ChannelHandlerContext) {
        state.wantsToRead()
        carryOut()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        state.writabilityChanged(isWritable: context.channel.isWritable, now: core.connections.now)
        carryOut()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, case .inputClosed = event {
            state.endInput()
            carryOut()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection that ends without TLS's goodbye ends as it would without TLS, and another event tells of that.
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
        if isSecure, state.isFresh {
            let shown = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            if let words = TLSWords.of(error, certificate: shown) { core.security.refusedHandshake(remote, words) }
        }
        if let refusal = HeadRefusal(error) { refuse(refusal) } else { state.breakOff() }
        carryOut()
    }

    private func begin(_ received: HTTPRequestHead) {
        guard state.awaitsRequest else { return }
        do throws(HeadRefusal) {
            let head = try RequestHead.checked(received, isSecure: isSecure)
            if isPlainOnSecurePort { try checkPlain(head) }
            if let authority = head.authority, authority != knownAuthority {
                try router.checkHost(authority)
                knownAuthority = authority
            }
            try head.checkOrigin()
            if head.upgrade == PeerProtocol.name, head.isForPeers {
                admission = try core.security.admit(head.hello, certificate: certificate, remote: remote)
            } else {
                try core.security.check(head, certificateName: certificate?.commonName)
            }
            state.begin(head, readBytes: decoder.bytes, now: core.connections.now)
        } catch {
            refuse(error, isHead: received.method == .HEAD)
        }
    }

    /// Refuses a client that speaks plain HTTP to a node that speaks TLS, unless the cluster is changing to closed.
    private func checkPlain(_ head: borrowing RequestHead) throws(HeadRefusal) {
        guard !core.security.files.acceptsOpenPeers else { return }
        let words = "This port speaks HTTPS; ask with https://"
        guard head.isForPeers else { throw HeadRefusal(400, words) }
        core.security.refusedLink(remote, "it speaks no TLS; start it with \(TLSWords.flags)")
        throw HeadRefusal(400, "\(words), and start a node with \(TLSWords.flags)")
    }

    /// The names in the certificate that the client showed; its authority was checked in the handshake. It is read
    /// once: requests come after the handshake, and a connection has one.
    private lazy var certificate: CertificateNames? = {
        guard isSecure, let shown = try? context?.pipeline.syncOperations.nioSSL_peerCertificate() else { return nil }
        return CertificateNames(shown)
    }()

    private var remote: String { context?.remoteAddress?.ipAddress ?? "A peer" }

    private func refuse(_ refusal: HeadRefusal, isHead: Bool = false) {
        core.traffic.record(.other, status: refusal.status, microseconds: 0)
        state.refuse(refusal, isHead: isHead)
    }

    private func countBytes() {
        let bytes = state.bodyBytes
        core.connections.bodyBytes += bytes - countedBytes
        countedBytes = bytes
    }

    private func forget() {
        state.close()
        countBytes()
        context = nil
        output = nil
        core.connections.remove(self)
        stream.take()?.cancel()
    }

    // MARK: Calls of the node

    /// True while a request is unanswered, or its answer is being read.
    var isAnswering: Bool { state.isAnswering }

    func attach(_ call: PendingCall, to token: UInt64) { state.attach(call, to: token) }

    func takeCall(_ token: UInt64) -> PendingCall? { state.takeCall(token) }

    /// Answers the request with the token; the answer goes out when its turn comes.
    func respond(_ response: consuming HTTPResponse, token: UInt64) {
        state.answer(response, to: token)
        carryOut()
    }

    /// Makes the connection a stream of progress once the earlier answers are out.
    func beginStream(token: UInt64) {
        state.stream(to: token)
        carryOut()
    }

    func endStream() {
        stream = nil
        state.streamHasEnded()
        carryOut()
    }

    func checkDeadline(_ now: NIODeadline) {
        state.checkTime(now, isCrowded: core.connections.isCrowded, unsentBytes: unsentBytes)
        carryOut()
    }

    func drain() {
        state.drain()
        carryOut()
    }

    func closeNow() {
        state.breakOff()
        carryOut()
    }

    // MARK: Carrying out

    private func carryOut() {
        if countedBytes > 0 { countBytes() }
        // The loop that is running already takes up what happens meanwhile.
        guard !isCarryingOut else { return }
        isCarryingOut = true
        while let context, let action = state.next(now: core.connections.now) { carryOut(action, context) }
        isCarryingOut = false
    }

    private func carryOut(_ action: consuming HTTPConnectionState.Action, _ context: ChannelHandlerContext) {
        switch consume action {
        case .serve(let request, let token): router.route(request, for: self, token: token)
        case .write(let response, let connection, let isHead):
            collect(response, connection, isHead, context)
            if let output, output.readableBytes >= Self.outputBytesMax { handOver(context) }
        case .writeLast(let response, let isHead):
            collect(response, .close, isHead, context)
            handOver(context, promise: written(context))
        case .writeContinue:
            handOver(context)
            var buffer = context.channel.allocator.buffer(capacity: 32)
            buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
            context.write(wrapOutboundOut(buffer), promise: nil)
        case .beginStream(let isChunked):
            handOver(context)
            stream = router.subscribe(self, isChunked: isChunked)
            // Writing its head may have found the connection broken.
            if self.context == nil { stream.take()?.cancel() }
        case .flush: flush(context)
        case .end(let hasUnread):
            handOver(context)
            guard hasUnread || unsentBytes > 0 else { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written(context))
        case .sayGoodbye: context.close(mode: .output, promise: nil)
        case .read: context.read()
        case .becomePeer: becomePeer(context)
        case .close: context.close(promise: nil)
        }
    }

    private func collect(
        _ response: HTTPResponse, _ connection: HTTPResponse.ConnectionHeader, _ isHead: Bool,
        _ context: ChannelHandlerContext
    ) {
        if output == nil { output = core.connections.takeBuffer(context.channel.allocator) }
        output?.writeResponse(response, connection: connection, isHead: isHead)
    }

    /// Gives the collected bytes to the channel.
    private func handOver(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) {
        guard let buffer = output.take() else { return }
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard let buffer = output.take() else { return context.flush() }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        core.connections.giveBack(buffer)
    }

    /// A promise that is kept once the socket has all that was written.
    private func written(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] _ in
            state.allIsWritten(now: core.connections.now)
            carryOut()
        }
        return written
    }

    /// The bytes that the channel has and the socket has not taken yet.
    private var unsentBytes: Int {
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func becomePeer(_ context: ChannelHandlerContext) {
        let receiver = PeerReceiver(core: core, admission: admission)
        let pipeline = context.pipeline.syncOperations
        do {
            // A peer may send many batches in a row: other connections get a turn after each.
            try context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            try pipeline.addHandler(receiver.makeHandler(), position: .after(self))
            try pipeline.addHandler(receiver, position: .last)
        } catch {
            return context.close(promise: nil)
        }
        handOver(context)
        let response = context.channel.allocator.buffer(string: admission.answer)
        context.writeAndFlush(wrapOutboundOut(response), promise: nil)
        // The decoder forwards the bytes that came behind the request when it is removed.
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(decoding, promise: nil)
    }
}

extension HTTPConnection: ReplySink {
    func take(_ reply: Reply, token: UInt64) {
        guard let pending = takeCall(token) else { return }
        let answer =
            if case .refused(let refusal) = reply {
                APIResponse(
                    refusal, toMethod: pending.method, in: pending.family, silent: core.silentMembers(refusal))
            } else {
                APIResponse(reply, toMethod: pending.method, in: pending.family)
            }
        let elapsed = NodeClock.monotonicMicroseconds() - pending.startMicroseconds
        core.traffic.record(pending.operation, status: answer.status, microseconds: elapsed)
        respond(HTTPResponse(status: answer.status, body: answer.body), token: token)
    }
}
