import NIOCore
import NIOPosix

/// One connection that sends a request, waits for the whole answer and says how long that took.
final class Probe: Sendable {
    private let channel: any Channel
    private let handler: Handler

    static func connect(port: Int) async throws -> Probe {
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: port).get()
        let handler = Handler(channel.eventLoop)
        try await channel.pipeline.addHandler(handler).get()
        return Probe(channel: channel, handler: handler)
    }

    /// One request on a connection of its own.
    static func ask(_ port: Int, _ request: ByteBuffer) async throws -> String {
        let probe = try await connect(port: port)
        do {
            let answer = try await probe.ask(request).answer
            await probe.close()
            return answer
        } catch {
            await probe.close()
            throw error
        }
    }

    private init(channel: any Channel, handler: Handler) {
        self.channel = channel
        self.handler = handler
    }

    /// The answer's head and body, and the milliseconds until it was here.
    func ask(_ request: ByteBuffer) async throws -> (answer: String, milliseconds: Double) {
        let promise = channel.eventLoop.makePromise(of: String.self)
        let start = ContinuousClock.now
        channel.eventLoop.execute { [handler] in handler.expect(promise) }
        channel.writeAndFlush(request, promise: nil)
        let answer = try await promise.futureResult.get()
        return (answer, (ContinuousClock.now - start) / .milliseconds(1))
    }

    func close() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private struct State {
            var promise: EventLoopPromise<String>?
            var text = ""
        }

        private let state: NIOLoopBoundBox<State>

        init(_ eventLoop: any EventLoop) {
            state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: eventLoop)
        }

        func expect(_ promise: EventLoopPromise<String>) { state.value = State(promise: promise) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            state.value.text += String(buffer: unwrapInboundIn(data))
            let parts = state.value.text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2,
                let line = parts[0].split(separator: "\r\n").first(where: {
                    $0.lowercased().hasPrefix("content-length:")
                }), let length = Int(line.drop { $0 != " " }.dropFirst()), parts[1].utf8.count >= length
            else { return }
            state.value.promise?.succeed(state.value.text)
            state.value = State()
        }

        func channelInactive(context: ChannelHandlerContext) {
            state.value.promise?.fail(LoadGenerator.Failure.unexpected("the server closed the connection"))
            state.value = State()
        }
    }
}
