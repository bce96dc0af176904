import DequeModule
import NIOCore
import NIOHTTP1
import ShardCore
import ShardWire

/// One client's connection: reads requests, bounded in size and time, and hands them to the router.
///
/// Answers go out in the order of the requests; see ``AnswerQueue``. A client that does not take them, or has asked for
/// too many at once, is not served further before it did. A connection that is told to go is not closed at once but given
/// a moment to read the reason: closing a socket with unread bytes would destroy the answer under way.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between requests. `isFresh` before the first.
        case idle(isFresh: Bool)
        case readingBody
        /// The last answer is decided; whatever else comes is thrown away.
        case discarding
        case closed
    }

    /// What waits until the client has taken what it was answered before.
    enum Held {
        case request(RequestHead, ByteBuffer?)
        /// What came behind the requests was none.
        case refusal(HTTPResponse, isHead: Bool)
    }

    let core: NodeCore
    let router: Router
    let limits: HTTPLimits
    /// Where the connection table has it.
    var tableIndex: Int?
    var phase = Phase.idle(isFresh: true)
    var context: ChannelHandlerContext?
    var answers = AnswerQueue()
    /// A deadline for what the client does; none while the node is to act.
    var deadline: NIODeadline
    var isReading = false
    var needsFlush = false
    var isInputClosed = false
    /// Answers that the channel does not have yet: those of one turn go to it in one piece.
    var output: ByteBuffer?
    /// The last answer is on its way into the socket; whatever is read is thrown away.
    var isEnding = false
    /// It is there, and only the client's goodbye is waited for.
    var isLingering = false
    var held: Deque<Held> = []
    var stream: ProgressSubscription?
    private let isOverCap: Bool
    var isReadHeld = false
    var isGoingOn = false
    /// Of the request that is being read.
    private var head: RequestHead?
    private var body: ByteBuffer?
    private var bodyBytes = 0
    private let decoder: RequestDecoder
    /// The decoder as it stands before this one in the pipeline.
    let decoding: ByteToMessageHandler<RequestDecoder>
    /// Whom the last request on this connection meant, which was found right: most mean the same.
    private var knownAuthority: String?
    /// What the decoder had taken in when the request's head came.
    private var bytesBefore: UInt64 = 0
    /// While the client does not take what it was answered: since when, and how much there was of it then.
    private(set) var stall: (since: NIODeadline, bytes: Int)?

    init(core: NodeCore, router: Router, limits: HTTPLimits) {
        self.core = core
        self.router = router
        self.limits = limits
        decoder = HTTPLimits.makeDecoder()
        decoding = ByteToMessageHandler(decoder, maximumBufferSize: HTTPLimits.headBytesMax * 2)
        isOverCap = core.connections.isFull
        deadline = .now() + (isOverCap ? limits.lingerTime : limits.requestTime)
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
        isReading = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            if case .idle = phase { begin(head) }
        case .body(let chunk):
            if case .readingBody = phase { append(chunk) }
        case .end:
            if case .readingBody = phase, let head = head.take() { end(head) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        checkChunks()
        flushIfNeeded()
        goOn()
    }

    /// Reads on only while the client takes its answers and has not asked for too many at once.
    func read(context: ChannelHandlerContext) {
        if isHeldBack {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall = context.channel.isWritable ? nil : (core.connections.now, .max)
        if isEnding, !isLingering { deadline = core.connections.now + limits.stallTime }
        goOn()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, case .inputClosed = event {
            isInputClosed = true
            if case .readingBody = phase { fail(status: 400, "The request was cut short") }
            if isLingering || stream != nil { closeNow() } else if owesNothing { endOnceWritten() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let refusal = HeadRefusal(error) { fail(refusal) } else { closeNow() }
        if !isReading { flushIfNeeded() }
    }

    // MARK: Requests

    private func begin(_ received: HTTPRequestHead) {
        deadline = core.connections.now + limits.requestTime
        phase = .readingBody
        bytesBefore = decoder.bytes
        let head: RequestHead
        do throws(HeadRefusal) {
            head = try RequestHead(received)
            if let authority = head.authority, authority != knownAuthority {
                try router.checkHost(authority)
                knownAuthority = authority
            }
            try head.checkOrigin()
        } catch {
            return fail(error, isHead: received.method == .HEAD)
        }
        self.head = head
        if isOverCap && head.upgrade == nil {
            return fail(status: 503, "Too many connections; try again later", isHead: head.isHead)
        }
        if let length = head.contentLength, length > limits.bodyBytesMax {
            return fail(status: 413, "The body is longer than \(limits.bodyBytesMax) bytes", isHead: head.isHead)
        }
        switch head.expectation {
        case .none: break
        // A client that is not told to go on sends its body after a while all the same.
        case .proceed: if held.isEmpty { proceed() }
        case .unknown: fail(status: 417, "The only expectation that is understood is 100-continue")
        }
    }

    /// What comes beside a chunked body is not kept, but read for nothing all the same.
    private func checkChunks() {
        guard case .readingBody = phase else { return }
        let bytesMax = bodyBytes * HTTPLimits.chunkOverheadMax + HTTPLimits.chunkSlackBytes
        if decoder.bytes - bytesBefore > bytesMax {
            fail(status: 400, "The chunks of the body carry far more than the body")
        }
    }

    private func append(_ chunk: ByteBuffer) {
        core.connections.bodyBytes += chunk.readableBytes
        if body == nil { body = chunk } else { body?.writeImmutableBuffer(chunk) }
        bodyBytes += chunk.readableBytes
        if bodyBytes > limits.bodyBytesMax {
            return fail(status: 413, "The body is longer than \(limits.bodyBytesMax) bytes")
        }
        if core.connections.bodyBytes > ConnectionTable.bodyBytesMax {
            return fail(status: 503, "Too much is being sent to the node at once; try again later")
        }
    }

    private func end(_ head: RequestHead) {
        let body = body
        forgetBody()
        phase = .idle(isFresh: false)
        deadline = .distantFuture
        if let upgrade = head.upgrade, router.isPeerRequest(head), owesNothing {
            guard upgrade == PeerProtocol.name else {
                return fail(status: 426, "The peer protocol spoken here is \(PeerProtocol.name)")
            }
            return becomePeer()
        }
        guard !isHeldBack, held.isEmpty else { return held.append(.request(head, body)) }
        serve(head, body)
    }

    func serve(_ head: RequestHead, _ body: ByteBuffer?) {
        // The decoder stops at a request to upgrade, so this one is the last that can be read.
        let isLast = !head.isKeepAlive || head.upgrade != nil || core.connections.isDraining
        let token = answers.expect(isLast: isLast, isVersion10: head.isVersion10, isHead: head.isHead)
        if isLast {
            phase = .discarding
            held.removeAll()
        }
        router.route(head, body, for: self, token: token)
    }

    private func forgetBody() {
        core.connections.bodyBytes -= bodyBytes
        bodyBytes = 0
        body = nil
    }

    private func becomePeer() {
        guard let context else { return }
        let receiver = PeerReceiver(core: core)
        let pipeline = context.pipeline.syncOperations
        do {
            // A peer may send many batches in a row: others are looked at after each.
            try context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            try pipeline.addHandler(receiver.makeHandler(), position: .after(self))
            try pipeline.addHandler(receiver, position: .last)
        } catch {
            return closeNow()
        }
        handOver(context)
        let response = context.channel.allocator.buffer(string: PeerProtocol.acceptance)
        context.writeAndFlush(wrapOutboundOut(response), promise: nil)
        // What came behind the request already is forwarded by the decoder when it goes.
        pipeline.removeHandler(context: context, promise: nil)
        pipeline.removeHandler(decoding, promise: nil)
    }

    // MARK: Ending

    var isAnswering: Bool { context != nil && (!owesNothing || isLingering || isEnding) }

    /// Answers with an error after which nothing more is read.
    func fail(status: Int, _ error: String, isHead: Bool = false) {
        forgetBody()
        switch phase {
        case .discarding, .closed: return
        case .idle, .readingBody: phase = .discarding
        }
        let response = HTTPResponse(status: status, error: error)
        guard held.isEmpty else { return held.append(.refusal(response, isHead: isHead)) }
        refuse(response, isHead: isHead)
    }

    private func fail(_ refusal: HeadRefusal, isHead: Bool = false) {
        core.traffic.record(.other, status: refusal.status, microseconds: 0)
        fail(status: refusal.status, refusal.error, isHead: isHead)
    }

    func refuse(_ response: HTTPResponse, isHead: Bool) {
        let token = answers.expect(isLast: true, isVersion10: false, isHead: isHead)
        respond(response, token: token)
    }

    func checkDeadline(_ now: NIODeadline) {
        if stall != nil { return checkStall(now) }
        if case .idle(isFresh: false) = phase, core.connections.isCrowded, owesNothing,
            now > deadline - limits.idleTime + limits.crowdedIdleTime
        {
            return closeNow()
        }
        guard now > deadline else { return }
        switch phase {
        case .readingBody, .idle(isFresh: true): fail(status: 408, "The request did not come in time")
        case .idle, .discarding, .closed: closeNow()
        }
        flushIfNeeded()
    }

    /// A client that takes its answers slowly is waited for; one that takes nothing is not.
    private func checkStall(_ now: NIODeadline) {
        guard let last = stall, let context else { return }
        let bytes = bufferedBytes(context)
        stall = (bytes < last.bytes ? now : last.since, bytes)
        if bytes >= last.bytes, now > last.since + limits.stallTime { closeNow() }
    }

    func drain() {
        if owesNothing, case .idle = phase { endOnceWritten() }
        if stream != nil { closeNow() }
    }

    func closeNow() {
        guard let context else { return }
        context.close(promise: nil)
    }

    private func forget() {
        forgetBody()
        phase = .closed
        context = nil
        head = nil
        output = nil
        held.removeAll()
        answers.removeAll()
        core.connections.remove(self)
        if let stream {
            self.stream = nil
            stream.cancel()
        }
    }
}
