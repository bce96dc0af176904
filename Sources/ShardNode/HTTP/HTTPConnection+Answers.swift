import NIOCore
import ShardCore
import ShardWire

extension HTTPConnection {
    /// As much is collected before it is handed to the channel, which then counts it as waiting for the client.
    private static let outputBytesMax = 64 * 1024

    /// The answer to the request with the token; goes out when its turn comes.
    func respond(_ response: HTTPResponse, token: UInt64) {
        if let slot = answers.popFirst(token) {
            guard let context else { return }
            write(response, slot, context)
        } else {
            answers.fill(token, .whole(response))
        }
        writeReady()
    }

    /// Makes the connection a stream of progress once the earlier answers are out.
    func beginStream(token: UInt64) {
        answers.fill(token, .stream)
        phase = .discarding
        held.removeAll()
        writeReady()
    }

    /// Tells a client that asks first to send its body.
    func proceed() {
        let token = answers.expect(isLast: false, isVersion10: false)
        answers.fill(token, .interim)
        writeReady()
    }

    private func writeReady() {
        while let (slot, answer) = answers.popReady(), let context {
            switch answer {
            case .interim:
                handOver(context)
                var buffer = context.channel.allocator.buffer(capacity: 32)
                buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
                context.write(wrapOutboundOut(buffer), promise: nil)
            case .stream:
                handOver(context)
                stream = router.subscribe(self, isChunked: !slot.isVersion10)
                // Its head may have found the connection broken.
                if self.context == nil { stream.take()?.cancel() }
            case .whole(let response):
                write(response, slot, context)
            }
            needsFlush = true
        }
        if owesNothing, case .idle = phase { deadline = core.connections.now + limits.idleTime }
        if isInputClosed, owesNothing, stream == nil, !isLingering { endOnceWritten() }
        guard !isReading, !isGoingOn else { return }
        flushIfNeeded()
        goOn()
    }

    var owesNothing: Bool { answers.isEmpty && held.isEmpty }

    /// True while the client has to take answers before it is served further.
    var isHeldBack: Bool { answers.count >= HTTPLimits.pipelineMax || stall != nil }

    /// Serves what was held, as far as the client takes the answers, and reads on after that.
    func goOn() {
        guard !isReading, !isGoingOn else { return }
        isGoingOn = true
        while !isHeldBack, let next = held.popFirst() {
            switch next {
            case .request(let head, let body): serve(head, body)
            case .refusal(let response, let isHead): refuse(response, isHead: isHead)
            }
            // As many as there is room for are answered in one piece.
            if held.isEmpty || isHeldBack { flushIfNeeded() }
        }
        flushIfNeeded()
        isGoingOn = false
        if isReadHeld, !isHeldBack, let context {
            isReadHeld = false
            context.read()
        }
    }

    private func write(_ response: HTTPResponse, _ slot: AnswerQueue.Slot, _ context: ChannelHandlerContext) {
        needsFlush = true
        let isLast = slot.isLast || (core.connections.isDraining && answers.isEmpty)
        let header: HTTPResponse.ConnectionHeader = isLast ? .close : slot.isVersion10 ? .keepAlive : .implied
        if output == nil { output = core.connections.takeBuffer(context.channel.allocator) }
        output?.writeResponse(response, connection: header, isHead: slot.isHead)
        guard isLast else {
            if let output, output.readableBytes >= Self.outputBytesMax { handOver(context) }
            return
        }
        handOver(context, promise: beginEnding(context))
    }

    /// Nothing more is served. The promise is to be kept once the socket has all answers.
    private func beginEnding(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        isEnding = true
        phase = .discarding
        deadline = core.connections.now + limits.stallTime
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [self] _ in linger() }
        return written
    }

    /// What the channel has and the socket has not taken yet.
    func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Gives the channel what was collected.
    func handOver(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) {
        guard let buffer = output.take() else {
            promise?.succeed()
            return
        }
        context.write(wrapOutboundOut(buffer), promise: promise)
    }

    /// Says goodbye, and leaves the client a moment to read it.
    func linger() {
        guard !isLingering, let context else { return }
        if isInputClosed { return closeNow() }
        isLingering = true
        deadline = core.connections.now + limits.lingerTime
        flushIfNeeded()
        context.close(mode: .output, promise: nil)
    }

    /// Ends the connection once the socket has taken all answers; one that has them already is closed at once.
    func endOnceWritten() {
        guard !isEnding, let context else { return }
        handOver(context)
        guard isReadHeld || bufferedBytes(context) > 0 else { return closeNow() }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: beginEnding(context))
    }

    func flushIfNeeded() {
        guard needsFlush, let context else { return }
        needsFlush = false
        guard let buffer = output.take() else { return context.flush() }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        core.connections.giveBack(buffer)
    }
}
