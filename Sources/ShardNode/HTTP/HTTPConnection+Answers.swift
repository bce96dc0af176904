import NIOCore
import ShardCore
import ShardWire

extension HTTPConnection {
    /// The answer to the request with the token; goes out when its turn comes.
    func respond(_ response: HTTPResponse, token: UInt64) {
        answers.fill(token, .whole(response))
        writeReady()
    }

    /// Makes the connection a stream of progress once the earlier answers are out.
    func beginStream(token: UInt64) {
        answers.fill(token, .stream)
        phase = .discarding
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
                var buffer = context.channel.allocator.buffer(capacity: 32)
                buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
                context.write(wrapOutboundOut(buffer), promise: nil)
            case .stream:
                stream = router.subscribe(self, isChunked: !slot.isVersion10)
            case .whole(let response):
                write(response, slot, context)
            }
            needsFlush = true
        }
        if answers.isEmpty, case .idle = phase { deadline = core.connections.now + limits.idleTime }
        if isInputClosed, answers.isEmpty, stream == nil, !isLingering { linger() }
        guard !isReading else { return }
        flushIfNeeded()
        readOnIfHeld()
    }

    private func write(_ response: HTTPResponse, _ slot: AnswerQueue.Slot, _ context: ChannelHandlerContext) {
        let isLast = slot.isLast || (core.connections.isDraining && answers.isEmpty)
        let header: HTTPResponse.ConnectionHeader = isLast ? .close : slot.isVersion10 ? .keepAlive : .implied
        let buffer = response.serialized(allocator: context.channel.allocator, connection: header)
        guard isLast else {
            context.write(wrapOutboundOut(buffer), promise: nil)
            return
        }
        phase = .discarding
        let promise = context.eventLoop.makePromise(of: Void.self)
        context.write(wrapOutboundOut(buffer), promise: promise)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in linger() }
    }

    /// Says goodbye, and leaves the client a moment to read it.
    func linger() {
        guard !isLingering, let context else { return }
        isLingering = true
        deadline = core.connections.now + limits.lingerTime
        flushIfNeeded()
        if isInputClosed { return closeNow() }
        context.close(mode: .output, promise: nil)
    }

    func flushIfNeeded() {
        guard needsFlush, let context else { return }
        needsFlush = false
        context.flush()
    }
}
