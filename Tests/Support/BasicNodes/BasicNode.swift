import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// One node of a ``BasicCluster`` on a port of its own.
public final class BasicNode: Sendable {
    /// How it behaves on the wire.
    public enum Manner: Sendable, Hashable {
        case prompt
        /// Every answer comes this late.
        case slow(milliseconds: Int64)
        /// One request after the other, each taking this long; of more than so many that wait the connection is closed.
        case oneAtATime(milliseconds: Int64, waitingMax: Int)
        /// Takes connections and requests and says nothing.
        case silent
        /// Says nothing to requests for this path.
        case silentOn(path: String)
        /// Takes requests for this path, and breaks the connection.
        case breakingOn(path: String)
        /// Answers with bytes that are not HTTP.
        case garbled
        /// Greets whoever connects before it is asked, as SSH and mail servers do.
        case greeting
        /// A web server of another kind: 404 and HTML, whatever is asked.
        case foreign
    }

    public let address: String
    private let channel: any Channel
    private let shared: Shared

    final class Shared: Sendable {
        let manner: Mutex<Manner>
        let connections = Mutex<[ObjectIdentifier: any Channel]>([:])
        /// The port it listens on, once it does.
        let listener = Mutex<(any Channel)?>(nil)
        /// Requests that wait for the one before them, and when the last of them will be answered.
        let queue = Mutex<(waiting: Int, freeAt: NIODeadline)>((0, .now()))
        init(_ manner: Manner) { self.manner = Mutex(manner) }
    }

    /// What answers a request: method, path, body and the node's own address.
    typealias Answering = @Sendable (String, String, String, String) -> BasicReply

    /// Listens on 127.0.0.1; port 0 takes a free one.
    public static func start(_ cluster: BasicCluster, port: Int = 0, manner: Manner = .prompt) async throws -> BasicNode
    {
        try await start(port: port, manner: manner) { cluster.reply(to: $0, $1, body: $2, node: $3) }
    }

    /// A node that answers every request with the status and the JSON that `script` makes of its method and path; nil
    /// is 404 and HTML.
    public static func scripted(
        _ script: @escaping @Sendable (_ method: String, _ path: String, _ node: String) -> (status: Int, json: String)?
    ) async throws -> BasicNode {
        try await start(port: 0, manner: .prompt) { method, path, _, node in
            script(method, path, node).map { BasicReply.json($0.status, $0.json) } ?? .notFound
        }
    }

    private static func start(port: Int, manner: Manner, _ answering: @escaping Answering) async throws -> BasicNode {
        let shared = Shared(manner)
        // Opened before its address is known: the node is told its name by the request's connection.
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    let key = ObjectIdentifier(child)
                    shared.connections.withLock { $0[key] = child }
                    child.closeFuture.whenComplete { _ in
                        shared.connections.withLock { _ = $0.removeValue(forKey: key) }
                    }
                    try child.pipeline.syncOperations.configureHTTPServerPipeline()
                    try child.pipeline.syncOperations.addHandler(BasicHandler(answering: answering, shared: shared))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        shared.listener.withLock { $0 = channel }
        return BasicNode(address: "127.0.0.1:\(channel.localAddress?.port ?? port)", channel: channel, shared: shared)
    }

    private init(address: String, channel: any Channel, shared: Shared) {
        self.address = address
        self.channel = channel
        self.shared = shared
    }

    public func behave(_ manner: Manner) { shared.manner.withLock { $0 = manner } }

    /// Goes without a word, and its connections with it.
    public func die() async {
        try? await channel.close()
        let open = shared.connections.withLock { Array($0.values) }
        for connection in open { try? await connection.close() }
    }

    /// True until it has died, of itself or by the caller's hand.
    public var isAlive: Bool { channel.isActive }
}

private final class BasicHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answering: BasicNode.Answering
    private let shared: BasicNode.Shared
    private var head: HTTPRequestHead?
    private var body = ""

    init(answering: @escaping BasicNode.Answering, shared: BasicNode.Shared) {
        self.answering = answering
        self.shared = shared
    }

    func channelActive(context: ChannelHandlerContext) {
        if shared.manner.withLock({ $0 }) == .greeting { writeRaw("SSH-2.0-OpenSSH_9.6\r\n", context) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ""
        case .body(let bytes):
            body += String(buffer: bytes)
        case .end:
            guard let head else { return }
            answer(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let node = "127.0.0.1:\(context.localAddress?.port ?? 0)"
        switch shared.manner.withLock({ $0 }) {
        case .silent, .greeting:
            return
        case .silentOn(let path) where head.uri == path:
            return
        case .breakingOn(let path) where head.uri == path:
            context.close(promise: nil)
        case .garbled:
            writeRaw("\u{1}\u{2} this is not the protocol that you look for\r\n\r\n", context)
            context.close(promise: nil)
        case .foreign:
            write(.notFound, head, context)
        case .prompt, .silentOn, .breakingOn:
            write(answering(head.method.rawValue, head.uri, body, node), head, context)
        case .slow(let milliseconds):
            answer(head, node, context, at: .now() + .milliseconds(milliseconds)) {}
        case .oneAtATime(let milliseconds, let waitingMax):
            let turn = shared.queue.withLock { queue -> NIODeadline? in
                guard queue.waiting <= waitingMax else { return nil }
                queue.waiting += 1
                queue.freeAt = max(queue.freeAt, .now()) + .milliseconds(milliseconds)
                return queue.freeAt
            }
            guard let turn else { return context.close(promise: nil) }
            answer(head, node, context, at: turn) { [shared] in shared.queue.withLock { $0.waiting -= 1 } }
        }
    }

    private func answer(
        _ head: HTTPRequestHead, _ node: String, _ context: ChannelHandlerContext, at time: NIODeadline,
        _ isDone: @escaping @Sendable () -> Void
    ) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let body = body
        context.eventLoop.scheduleTask(deadline: time) {
            isDone()
            let (handler, context) = bound.value
            let reply = handler.answering(head.method.rawValue, head.uri, body, node)
            handler.write(reply, head, context)
        }
    }

    /// The process ends: its port and all its connections are gone.
    private func die() {
        shared.listener.withLock { $0 }?.close(promise: nil)
        for connection in shared.connections.withLock({ Array($0.values) }) { connection.close(promise: nil) }
    }

    /// Past the encoder, which would make HTTP of it.
    private func writeRaw(_ text: String, _ context: ChannelHandlerContext) {
        guard let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
        else { return }
        encoder.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
    }

    private func write(_ reply: BasicReply, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if reply.isFatal { return die() }
        let headers: HTTPHeaders = [
            "content-type": reply.contentType + "; charset=utf-8", "content-length": "\(reply.body.utf8.count)",
        ]
        let status = HTTPResponseStatus(statusCode: reply.status)
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
