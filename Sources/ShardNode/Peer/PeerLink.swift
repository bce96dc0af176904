import ClientTLS
import HostSystem
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ShardCore

/// The link to one peer: a connection that is made when there is something to send and made again when it breaks.
///
/// Messages that wait when the connection fails are lost and counted: the replica sends again what is still worth
/// sending.
final class PeerLink {
    private enum State {
        /// There is no connection; a message may try again from `retry` on.
        case closed(retry: NIODeadline)
        /// A timer runs to the next try.
        case waiting(Scheduled<Void>)
        case connecting
        case open(any Channel)
        case finished
    }

    private struct Chunk {
        var buffer = ByteBuffer()
        var messages = 0
    }

    let peer: NodeAddress
    /// The address at which the peer is dialled; its own unless an operator says otherwise.
    private let dialled: NodeAddress
    var isFlushDue = false
    /// The bytes of messages that wait, and of those handed to the socket that it has not taken yet.
    private(set) var queuedBytes = 0
    private let eventLoop: any EventLoop
    private let limits: PeerLimits
    private unowned let links: PeerLinks
    private let logger: Logger
    private var state = State.closed(retry: .uptimeNanoseconds(0))
    private var queue = CircularBuffer<Chunk>()
    private var failures = 0
    private var connecting: (any Channel)?
    /// True if the peer was found to speak no TLS, which it may while a cluster changes from open to closed.
    private var isPlainTurn = false

    init(
        peer: NodeAddress, dialled: NodeAddress, eventLoop: any EventLoop, limits: PeerLimits, links: PeerLinks,
        logger: Logger
    ) {
        self.peer = peer
        self.dialled = dialled
        self.eventLoop = eventLoop
        self.limits = limits
        self.links = links
        self.logger = logger
    }

    var isOpen: Bool { if case .open = state { true } else { false } }

    /// Returns false if the message is lost, because too much waits already.
    func enqueue(_ envelope: Envelope) -> Bool {
        guard queuedBytes < limits.queueBytesMax else { return false }
        if queue.isEmpty || queue[queue.index(before: queue.endIndex)].buffer.readableBytes >= limits.chunkBytes {
            queue.append(Chunk())
        }
        let last = queue.index(before: queue.endIndex)
        let before = queue[last].buffer.readableBytes
        PeerFrames.write(envelope, to: &queue[last].buffer)
        queue[last].messages += 1
        queuedBytes += queue[last].buffer.readableBytes - before
        return true
    }

    func flush() {
        guard !queue.isEmpty else { return }
        switch state {
        case .open(let channel): write(to: channel)
        case .closed(let retry):
            if retry <= .now() { connect() } else { wait(until: retry) }
        case .waiting, .connecting: break
        case .finished: drop()
        }
    }

    private func write(to channel: any Channel) {
        while let chunk = queue.popFirst() {
            let bytes = chunk.buffer.readableBytes
            let promise = eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenComplete { [self] result in
                queuedBytes -= bytes
                if case .failure = result { links.countDropped(chunk.messages) }
            }
            channel.write(chunk.buffer, promise: promise)
        }
        channel.flush()
    }

    private func wait(until time: NIODeadline) {
        let link = NIOLoopBound(self, eventLoop: eventLoop)
        state = .waiting(eventLoop.scheduleTask(deadline: time) { link.value.connect() })
    }

    private func connect() {
        if case .finished = state { return }
        state = .connecting
        let link = NIOLoopBound(self, eventLoop: eventLoop)
        let tls = isPlainTurn ? nil : links.security.contents.tls?.client
        let greeting = links.security.greeting(to: peer)
        let serverName = ServerTLS.name(of: peer.host)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTime)
            .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    link.value.connecting = channel
                    link.value.limitUnacknowledged(channel)
                    let pipeline = channel.pipeline.syncOperations
                    if let tls {
                        try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName))
                    }
                    try pipeline.addHandler(
                        PeerSender(link: link.value, greeting: greeting, awaitsTLS: tls != nil))
                }
            }
        // A numeric address needs no resolver.
        let attempt: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: dialled.host, port: dialled.port) {
            attempt = bootstrap.connect(to: address)
        } else {
            attempt = bootstrap.connect(host: dialled.host, port: dialled.port)
        }
        attempt.assumeIsolated().whenFailure { [self] error in fail(NodeErrors.words(error)) }
        eventLoop.assumeIsolated().scheduleTask(in: limits.connectTime * 2) { [self, failures, isPlainTurn] in
            guard case .connecting = state, failures == self.failures, isPlainTurn == self.isPlainTurn else { return }
            connecting?.close(promise: nil)
            fail("no answer to the upgrade")
        }
    }

    /// Limits the wait for acknowledgements: a peer whose machine is gone answers nothing, not even with a reset.
    private func limitUnacknowledged(_ channel: any Channel) {
        #if os(Linux)
            let userTimeout = ChannelOptions.socket(6, 18)  // IPPROTO_TCP, TCP_USER_TIMEOUT
            _ = try? channel.syncOptions?.setOption(userTimeout, value: PeerLimits.unacknowledgedMilliseconds)
        #endif
    }

    // MARK: Calls of the sender

    func opened(_ channel: any Channel) {
        guard case .connecting = state else { return channel.close(promise: nil) }
        failures = 0
        state = .open(channel)
        links.security.linked(peer)
        logger.debug("Link to peer open", metadata: ["peer": "\(peer)"])
        flush()
    }

    /// True if the link may be tried without TLS, since the peer does not speak it.
    var canGoPlain: Bool {
        if case .connecting = state { links.security.files.acceptsOpenPeers && !isPlainTurn } else { false }
    }

    /// Tries once more, with the messages that wait, at a peer that speaks no TLS yet.
    func goPlain() {
        connecting?.close(promise: nil)
        isPlainTurn = true
        connect()
    }

    /// Notes that the peer does not let this node in, or does not show who it is.
    func refused(_ reason: String) { links.security.refusedByPeer(peer, reason) }

    func broke(_ reason: String) {
        switch state {
        case .open, .connecting: fail(reason)
        case .closed, .waiting, .finished: break
        }
    }

    private func fail(_ reason: String) {
        switch state {
        case .finished, .closed, .waiting: return
        case .open, .connecting: break
        }
        connecting = nil
        isPlainTurn = false
        let backoff = min(limits.backoffMin * (1 << min(failures, 16)), limits.backoffMax)
        failures += 1
        state = .closed(retry: .now() + backoff)
        drop()
        logger.debug("Link to peer broke", metadata: ["peer": "\(peer)", "reason": "\(reason)"])
        links.reportUnreachable(peer)
    }

    private func drop() {
        for chunk in queue {
            queuedBytes -= chunk.buffer.readableBytes
            links.countDropped(chunk.messages)
        }
        queue.removeAll()
    }

    /// Writes the messages that wait if the connection is open, and closes it.
    func finish() -> EventLoopFuture<Void> {
        defer { state = .finished }
        switch state {
        case .open(let channel):
            write(to: channel)
            // Ends after all that was written before.
            channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
            return channel.closeFuture
        case .connecting: connecting?.close(promise: nil)
        case .waiting(let timer): timer.cancel()
        case .closed, .finished: break
        }
        drop()
        return eventLoop.makeSucceededVoidFuture()
    }
}
