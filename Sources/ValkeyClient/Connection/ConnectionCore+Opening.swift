import ClientTLS
import NIOCore
import NIOPosix
import NIOSSL

/// From nothing to a connection that takes calls.
extension ConnectionCore {
    func open() {
        loop.assumeIsolated().scheduleTask(in: TimeAmount(setup.limits.opening)) { [self] in
            if !queue.isOpen { giveUpOpening(queue.waitsFor.error(server, within: setup.limits.opening)) }
        }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let (tls, hostName) = (setup.tls, setup.login.tls?.serverName ?? ServerTLS.name(of: server.host))
        ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(setup.limits.opening))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        try pipeline.addHandler(FirstByte(bound.value.sawFirstByte))
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

    /// Takes the first byte that came on a connection where TLS was spoken.
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

    func greet(_ reply: RESPValue) {
        switch handshake.receive(reply) {
        case .send(let command): write(RESPEncoder.encode([command]))
        case .fail(let error): end(error)
        case .ready:
            lastUsed = .now()
            decoder.limits = setup.limits.replies
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

    /// A server that sent nothing at all is probed first, to find out whether it speaks the other protocol.
    func giveUpOpening(_ error: ServerError) {
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
}
