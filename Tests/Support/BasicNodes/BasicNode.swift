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
        /// Takes connections and requests and says nothing.
        case silent
        /// Says nothing to requests for this path.
        case silentOn(path: String)
        /// Takes requests for this path, and breaks the connection.
        case breakingOn(path: String)
        /// Answers with bytes that are not HTTP.
        case garbled
        /// A web server of another kind: 404 and HTML, whatever is asked.
        case foreign
    }

    public let address: String
    private let channel: any Channel
    private let shared: Shared

    final class Shared: Sendable {
        let manner: Mutex<Manner>
        let connections = Mutex<[ObjectIdentifier: any Channel]>([:])
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
        case .silent:
            return
        case .silentOn(let path) where head.uri == path:
            return
        case .breakingOn(let path) where head.uri == path:
            context.close(promise: nil)
        case .garbled:
            // Past the encoder, which would make HTTP of it.
            let bytes = ByteBuffer(string: "\u{1}\u{2} this is not the protocol that you look for\r\n\r\n")
            guard let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
            else { return }
            encoder.writeAndFlush(NIOAny(bytes), promise: nil)
            context.close(promise: nil)
        case .foreign:
            write(.notFound, head, context)
        case .prompt, .silentOn, .breakingOn:
            write(answering(head.method.rawValue, head.uri, body, node), head, context)
        case .slow(let milliseconds):
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let body = body
            context.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) {
                let (handler, context) = bound.value
                let reply = handler.answering(head.method.rawValue, head.uri, body, node)
                handler.write(reply, head, context)
            }
        }
    }

    private func write(_ reply: BasicReply, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "content-type": reply.contentType + "; charset=utf-8", "content-length": "\(reply.body.utf8.count)",
        ]
        let status = HTTPResponseStatus(statusCode: reply.status)
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: reply.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
