import NIOCore
import NIOSSL

/// One connection on its event loop: it opens, logs in, writes calls, hands out replies, and ends with a reason.
///
/// Calls may come from the first moment on; they wait until it is open. All of it happens on the loop.
final class ConnectionCore: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias Answer = CheckedContinuation<ServerConnection.Answer, Never>

    let server: ServerAddress
    let setup: ConnectionSetup
    let loop: any EventLoop
    private let status: ConnectionStatus
    var queue: CallQueue<Answer>
    var handshake: Handshake
    var decoder = RESPDecoder(limits: .greeting)
    var channel: (any Channel)?
    var isClosed = false
    /// Anything at all came back.
    var wasAnswered = false
    private var flushIsDue = false
    /// Why it does not open, while a probe looks for a better reason.
    var openingError: ServerError?
    var isProbing = false
    var wasProbed = false
    /// When the timer for the next call to be given up fires; nil if none runs.
    private var timerAt: NIODeadline?
    var lastUsed = NIODeadline.now()

    init(_ server: ServerAddress, _ setup: ConnectionSetup, loop: any EventLoop, status: ConnectionStatus) {
        self.server = server
        self.setup = setup
        self.loop = loop
        self.status = status
        queue = CallQueue(server: server, limits: setup.limits)
        handshake = Handshake(server: server, login: setup.login, requiresCluster: setup.requiresCluster)
    }

    // MARK: Calls

    func add(_ answer: Answer, id: UInt64, _ buffer: ByteBuffer, count: Int, deadline: NIODeadline, limit: Duration) {
        guard !isClosed, !queue.isStale else { return answer.resume(returning: .notTaken) }
        lastUsed = .now()
        switch queue.add(answer, id: id, buffer, count: count, deadline: deadline, limit: limit) {
        case .write(let buffer): write(buffer)
        case .held: break
        case .refused(let completion): return resume(completion)
        }
        report()
        startTimer(deadline)
    }

    func cancel(_ id: UInt64) {
        if let completion = queue.cancel(id) { resume(completion) }
        settle()
    }

    func close(_ error: ServerError) { end(error) }

    private func resume(_ completion: CallQueue<Answer>.Completion) {
        switch completion.result {
        case .success(let replies): completion.token.resume(returning: .replies(replies))
        case .failure(let error): completion.token.resume(returning: .failed(error))
        }
    }

    /// After calls have ended.
    private func settle() {
        report()
        if queue.isUseless, !isClosed { end(.cancelled(server, wasSent: true)) }
    }

    func report() { status.set(isUsable: !isClosed && !queue.isStale, isIdle: queue.isEmpty && queue.isOpen) }

    func write(_ buffer: ByteBuffer) {
        setup.bytes.add(buffer.readableBytes)
        channel?.write(buffer, promise: nil)
        guard !flushIsDue else { return }
        // Everything else that is written in this turn of the loop goes out with it.
        flushIsDue = true
        loop.assumeIsolated().execute { [self] in
            flushIsDue = false
            channel?.flush()
        }
    }

    private func startTimer(_ deadline: NIODeadline) {
        if let timerAt, timerAt <= deadline { return }
        timerAt = deadline
        loop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            guard timerAt == deadline else { return }
            timerAt = nil
            for completion in queue.expire(now: .now()) { resume(completion) }
            settle()
            if let next = queue.nextDeadline { startTimer(next) }
        }
    }

    // MARK: Incoming bytes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        wasAnswered = true
        setup.bytes.add(buffer.readableBytes)
        decoder.append(buffer.readableBytesView)
        do throws(RESPFault) {
            while !isClosed, let reply = try decoder.next() { try take(reply) }
        } catch {
            end(meaning(of: error))
        }
        settle()
    }

    private func take(_ reply: RESPValue) throws(RESPFault) {
        if case .push = reply { return }
        guard queue.isOpen else { return greet(reply) }
        var reply = reply
        if case .error(let error) = reply { reply = .error(error.without(setup.login.password)) }
        if let completion = try queue.receive(reply) {
            lastUsed = .now()
            // Before the caller goes on, who may need the room that an idle connection takes.
            report()
            resume(completion)
        }
    }

    private func meaning(of fault: RESPFault) -> ServerError {
        if case .notAReply(let byte) = fault, !queue.isOpen { return ForeignAnswer(firstByte: byte).error(at: server) }
        return ServerError(
            .broken, at: server, "its answer breaks the protocol: \(fault); the connection was closed",
            advice: "See whether host and port are right.")
    }

    func channelInactive(context: ChannelHandlerContext) {
        if queue.isOpen {
            let part = decoder.isWithinReply ? "in the middle of an answer" : "before it answered"
            end(ServerError(.lost, at: server, "the connection ended \(part)"))
        } else {
            giveUpOpening(OpeningTrouble.closed(server, isTLS: setup.tls != nil))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if queue.isOpen {
            // A certificate of ours that is refused is told only after the handshake.
            end(OpeningTrouble.tls(error, server, setup.login) ?? OpeningTrouble.lost(error, server))
        } else {
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
            giveUpOpening(OpeningTrouble.error(error, server, setup.login, certificate: certificate))
        }
    }

    func end(_ error: ServerError) {
        guard !isClosed else { return }
        isClosed = true
        report()
        for completion in queue.close(error) { resume(completion) }
        report()
        channel?.close(promise: nil)
        channel = nil
    }
}
