import NIOCore
import NIOHTTP1
import ShardCore

/// One connection to a node, on its event loop: it carries one request at a time, and ends where anything is wrong.
final class NodeConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    let node: NodeAddress
    private unowned let core: TransportCore
    private let headers: HTTPHeaders
    private var context: ChannelHandlerContext?
    private(set) var request: NodeRequest?
    private var head: HTTPResponseHead?
    private var body: ByteBuffer?

    /// - Parameter headers: those of every request.
    init(_ node: NodeAddress, headers: HTTPHeaders, core: TransportCore) {
        self.node = node
        self.headers = headers
        self.core = core
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

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
        if head.isKeepAlive {
            core.finished(self)
        } else {
            end(.closed("the connection ended"))
        }
        request.succeed(response)
    }

    private static func mediaType(_ headers: HTTPHeaders) -> String {
        guard let text = headers.first(name: "content-type") else { return "" }
        return text == "application/json" ? text : text.prefix { $0 != ";" }.lowercased()
    }

    func channelInactive(context: ChannelHandlerContext) { end(.closed("the connection ended")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(TransportError(error)) }

    /// Takes no more requests, and closes. A request under way fails with the error.
    func end(_ error: TransportError) {
        core.ended(self)
        request?.fail(error)
        request = nil
        context?.close(promise: nil)
        context = nil
    }
}
