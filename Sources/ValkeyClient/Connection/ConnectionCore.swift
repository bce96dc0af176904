import NIOCore
import NIOPosix
import NIOSSL

/// One connection on its event loop: it opens, logs in, writes calls, hands out replies, and ends with a reason.
///
/// Calls may come from the first moment on; they wait until it is open. All of it happens on the loop.
final class ConnectionCore: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias Answer = CheckedContinuation<ServerConnection.Answer, Never>

    private let server: ServerAddress
    private let setup: ConnectionSetup
    private let loop: any EventLoop
    private let status: ConnectionStatus
    private var queue: CallQueue<Answer>
    private var handshake: Handshake
    private var decoder: RESPDecoder
    private var channel: (any Channel)?
    private var isClosed = false
    /// Anything at all came back.
    private var wasAnswered = false
    private var flushIsDue = false
    /// Why it does not open, while a probe looks for a better reason.
    private var openingError: ServerError?
    private var isProbing = false
    private var wasProbed = false
    /// When the timer for the next call to be given up fires; nil where none runs.
    private var timerAt: NIODeadline?
    private var lastUsed = NIODeadline.now()

    init(_ server: ServerAddress, _ setup: ConnectionSetup, loop: any EventLoop, status: ConnectionStatus) {
        self.server = server
        self.setup = setup
        self.loop = loop
        self.status = status
        queue = CallQueue(server: server, limits: setup.limits)
        handshake = Handshake(server: server, login: setup.login, requiresCluster: setup.requiresCluster)
        decoder = RESPDecoder(limits: setup.limits.replies)
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

    private func report() { status.set(isUsable: !isClosed && !queue.isStale, isIdle: queue.isEmpty && queue.isOpen) }

    private func write(_ buffer: ByteBuffer) {
        setup.bytes.add(buffer.readableBytes)
        channel?.write(buffer, promise: nil)
        guard !flushIsDue else { return }
        // What else this turn of the loop brings goes out with it.
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

    // MARK: Opening

    func open() {
        loop.assumeIsolated().scheduleTask(in: TimeAmount(setup.limits.opening)) { [self] in
            if !queue.isOpen { giveUpOpening(queue.waitsFor.error(server, within: setup.limits.opening)) }
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let (tls, hostName) = (setup.tls, setup.login.tls?.serverName ?? server.nameForTLS)
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(setup.limits.opening))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        try pipeline.addHandler(FirstBytes(bound.value))
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: hostName))
                    }
                    try pipeline.addHandler(bound.value)
                }
            }
            .connect(host: setup.reach(server).host, port: setup.reach(server).port)
            .hop(to: loop).assumeIsolated()
            .whenComplete { [self] result in
                switch result {
                case .success(let channel): if isClosed { channel.close(promise: nil) }
                case .failure(let error): giveUpOpening(OpeningTrouble.error(error, server, setup.login))
                }
            }
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !isClosed else { return context.close(promise: nil) }
        channel = context.channel
        queue.waitsFor = setup.tls == nil ? .greeting : .securing
        // Under TLS it is held back until the handshake is done.
        write(RESPEncoder.encode([handshake.first]))
        guard setup.tls != nil else { return }
        // A plain server waits for the end of what it takes for a line, and says nothing.
        loop.assumeIsolated().scheduleTask(in: ProtocolProbe.patience) { [self] in startProbe() }
    }

    /// What came first on a connection where TLS was spoken.
    func sawFirstByte(_ byte: UInt8) {
        wasAnswered = true
        guard ForeignAnswer(firstByte: byte) != .tls else {
            queue.waitsFor = .greeting
            return
        }
        end(
            ForeignAnswer(firstByte: byte) == .http
                ? ForeignAnswer.http.error(at: server) : ForeignAnswer.plainText(at: server))
    }

    private func greet(_ reply: RESPValue) {
        switch handshake.receive(reply) {
        case .send(let command): write(RESPEncoder.encode([command]))
        case .fail(let error): end(error)
        case .ready:
            lastUsed = .now()
            for buffer in queue.opened() { write(buffer) }
            report()
            watchIdleness()
        }
    }

    private func watchIdleness() {
        loop.assumeIsolated().scheduleTask(in: TimeAmount(setup.limits.idle)) { [self] in
            guard !isClosed else { return }
            guard queue.isEmpty, NIODeadline.now() - lastUsed >= TimeAmount(setup.limits.idle) else {
                return watchIdleness()
            }
            end(.cancelled(server, wasSent: false))
        }
    }

    /// Where nothing at all came back, a probe finds out first whether the other protocol is spoken there.
    private func giveUpOpening(_ error: ServerError) {
        guard !isClosed, !queue.isOpen else { return }
        openingError = openingError ?? error
        if channel != nil { startProbe() }
        if !isProbing { end(error) }
    }

    private func startProbe() {
        guard !isClosed, !wasAnswered, !wasProbed else { return }
        wasProbed = true
        isProbing = true
        ProtocolProbe.firstByte(of: setup.reach(server), speakingTLS: setup.tls == nil, on: loop).assumeIsolated()
            .whenSuccess { [self] byte in
                isProbing = false
                guard !isClosed, !queue.isOpen else { return }
                if let error = ProtocolProbe.error(byte, server, spokeTLS: setup.tls == nil) {
                    end(error)
                } else if let openingError {
                    end(openingError)
                }
            }
    }

    // MARK: What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        let isFirst = !wasAnswered || queue.waitsFor != .greeting
        wasAnswered = true
        setup.bytes.add(buffer.readableBytes)
        decoder.append(buffer.readableBytesView)
        do throws(RESPFault) {
            while !isClosed, let reply = try decoder.next() { try take(reply) }
        } catch {
            end(fault(error, isFirst: isFirst))
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

    private func fault(_ fault: RESPFault, isFirst: Bool) -> ServerError {
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
            giveUpOpening(OpeningTrouble.error(error, server, setup.login))
        }
    }

    private func end(_ error: ServerError) {
        guard !isClosed else { return }
        isClosed = true
        report()
        for completion in queue.close(error) { resume(completion) }
        report()
        channel?.close(promise: nil)
        channel = nil
    }
}

/// Looks at the first byte that a server sends where TLS is spoken, before TLS does: plain text is plain to see there.
private final class FirstBytes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let core: ConnectionCore

    init(_ core: ConnectionCore) { self.core = core }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let byte: UInt8 = buffer.getInteger(at: buffer.readerIndex) { core.sawFirstByte(byte) }
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
}

extension ServerAddress {
    /// The host where it is a name: TLS names no addresses.
    fileprivate var nameForTLS: String? {
        (try? SocketAddress(ipAddress: host, port: port)) == nil ? host : nil
    }
}
