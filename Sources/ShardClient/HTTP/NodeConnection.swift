import ClientTLS
import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS
import ShardCore

/// One connection to a node, on its event loop: it carries one request at a time, and ends if anything is wrong.
final class NodeConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The stages in their order; each comes once.
    private enum Stage {
        case opening, open, ended
    }

    let node: NodeAddress
    /// Held until the connection ends: it may still be opening when nobody else needs the core any more.
    private let core: TransportCore
    private let access: PreparedAccess
    /// The headers of every request.
    private let headers: HTTPHeaders
    private var stage = Stage.opening
    private var context: ChannelHandlerContext?
    private(set) var request: NodeRequest?
    private var head: HTTPResponseHead?
    private var body: ByteBuffer?
    private var isAnswered = false
    /// The time since which TLS was spoken to the node and nothing came back; nil before it has taken the connection,
    /// and after its first byte.
    private var silentSince: NIODeadline?
    /// A node that takes part in TLS answers within a round trip or two; after so long it counts as silent.
    private static let silenceMin = TimeAmount.milliseconds(500)

    init(_ node: NodeAddress, _ access: PreparedAccess, core: TransportCore) {
        self.node = node
        self.access = access
        self.core = core
        var headers: HTTPHeaders = ["host": node.description, "accept": "application/json"]
        if let token = access.token { headers.add(name: "authorization", value: "Bearer \(token.revealed)") }
        self.headers = headers
    }

    // MARK: Opening

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        if access.context == nil { becomeOpen(context) } else { silentSince = .now() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { becomeOpen(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func becomeOpen(_ context: ChannelHandlerContext) {
        guard stage == .opening else { return context.close(promise: nil) }
        stage = .open
        core.opened(self, context.channel)
    }

    func giveUpOpening() {
        guard stage == .opening else { return }
        end(delay)
    }

    /// The reason why it is not open yet. Whoever gives up waiting for it is told this, however long the wait was.
    var delay: TransportError {
        guard let silentSince, silentSince + Self.silenceMin <= .now() else { return .cannotConnect("no answer") }
        return .noSecureConnection(
            "takes connections, but does not answer the TLS handshake; see whether the process is stopped, and "
                + "whether it speaks TLS: plain text is http://")
    }

    /// Looks at the first byte that came, before anything makes sense of it.
    func sawFirstByte(_ byte: UInt8) {
        silentSince = nil
        // Records of TLS begin like this (RFC 8446, section 5.1), and answers of HTTP with a letter.
        let isTLS = (0x14...0x17).contains(byte)
        if access.context == nil, isTLS {
            end(.noSecureConnection("speaks TLS, and plain text was sent to it; begin its address with https://"))
        } else if access.context != nil, !isTLS {
            end(
                .noSecureConnection(
                    "speaks plain text, and TLS was spoken to it; write its address without https://"))
        }
    }

    // MARK: Requests

    func send(_ request: NodeRequest) {
        self.request = request
        guard let context else { return end(.closed("the connection ended")) }
        var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path, headers: headers)
        if let body = request.body {
            head.headers.add(name: "content-type", value: "application/json")
            head.headers.add(name: "content-length", value: String(body.count))
        } else if request.method == .PUT || request.method == .POST {
            head.headers.add(name: "content-length", value: "0")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body = request.body, !body.isEmpty {
            core.bytes.add(body.count)
            var buffer = context.channel.allocator.buffer(capacity: body.count)
            buffer.writeBytes(body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
            if length > NodeTransport.bodyBytesMax { end(.tooLarge(bytesMax: NodeTransport.bodyBytesMax)) }
        case .body(var part):
            guard (body?.readableBytes ?? 0) + part.readableBytes <= NodeTransport.bodyBytesMax else {
                return end(.tooLarge(bytesMax: NodeTransport.bodyBytesMax))
            }
            if body?.writeBuffer(&part) == nil { body = part }
        case .end: finish()
        }
    }

    private func finish() {
        guard let head, let request else { return end(.closed("it answered where nothing was asked")) }
        let bytes = body.map { Array($0.readableBytesView) } ?? []
        core.bytes.add(bytes.count)
        let response = NodeResponse(
            status: Int(head.status.code), contentType: Self.mediaType(head.headers), body: bytes)
        self.request = nil
        self.head = nil
        body = nil
        isAnswered = head.isKeepAlive
        if !isAnswered { end(.closed("the connection ended")) }
        request.succeed(response)
    }

    /// Takes the next request only now: input that came behind the answer in one piece would be taken for the next
    /// answer.
    func channelReadComplete(context: ChannelHandlerContext) {
        guard isAnswered, stage == .open else { return }
        isAnswered = false
        core.finished(self)
    }

    private static func mediaType(_ headers: HTTPHeaders) -> String {
        guard let text = headers.first(name: "content-type") else { return "" }
        return text == "application/json" ? text : text.prefix { $0 != ";" }.lowercased()
    }

    // MARK: The end

    func channelInactive(context: ChannelHandlerContext) {
        let isHandshake = stage == .opening && access.context != nil
        end(
            isHandshake
                ? .noSecureConnection("ended the connection in the TLS handshake; see whether it speaks TLS there")
                : .closed("the connection ended"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard access.context != nil else { return end(TransportError(error)) }
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        let failure = TLSFailure(error, certificate: certificate, isOwnOffered: access.tls?.keyFile != nil)
        end(failure.map { TransportError($0, host: access.tls?.serverName ?? node.host) } ?? TransportError(error))
    }

    /// Closes the connection, which takes no more requests. A request under way fails with the error.
    func end(_ error: TransportError) {
        let last = stage
        guard last != .ended else { return }
        stage = .ended
        if last == .opening { core.failedToOpen(self, error) } else { core.ended(self) }
        request?.fail(error)
        request = nil
        context?.close(promise: nil)
    }
}
