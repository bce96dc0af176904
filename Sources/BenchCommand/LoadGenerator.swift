import NIOCore
import NIOPosix

/// Sends one and the same request over several connections, each of which waits for its answer before it sends again.
struct LoadGenerator {
    let port: Int
    let request: ByteBuffer
    let connections: Int
    let requestsPerConnection: Int

    enum Failure: Error { case unexpected(String) }

    /// Requests a second, from the first request to the last answer.
    func run(on group: MultiThreadedEventLoopGroup) async throws -> Double {
        let clients = try await withThrowingTaskGroup(of: (any Channel).self) { tasks in
            for _ in 0..<connections {
                tasks.addTask {
                    try await ClientBootstrap(group: group)
                        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                        .connect(host: "127.0.0.1", port: port).get()
                }
            }
            var channels: [any Channel] = []
            for try await channel in tasks { channels.append(channel) }
            return channels
        }
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for channel in clients {
                let done = channel.eventLoop.makePromise(of: Void.self)
                let driver = Driver(request: request, count: requestsPerConnection, done: done)
                tasks.addTask {
                    try await channel.pipeline.addHandler(driver).get()
                    try await done.futureResult.get()
                }
            }
            try await tasks.waitForAll()
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        for channel in clients { try? await channel.close() }
        return Double(connections * requestsPerConnection) / seconds
    }
}

/// One connection. Finds the end of an answer by its Content-Length, with as little work as possible: what the
/// generator costs is lost to both sides alike.
private final class Driver: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct State {
        var left: Int
        var received = ByteBuffer()
    }

    private let request: ByteBuffer
    private let done: EventLoopPromise<Void>
    private let state: NIOLoopBoundBox<State>

    init(request: ByteBuffer, count: Int, done: EventLoopPromise<Void>) {
        self.request = request
        self.done = done
        state = NIOLoopBoundBox.makeBoxSendingValue(State(left: count), eventLoop: done.futureResult.eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) { send(context) }

    private func send(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(request), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var chunk = unwrapInboundIn(data)
        state.value.received.writeBuffer(&chunk)
        guard let length = answerLength(), state.value.received.readableBytes >= length else { return }
        state.value.received.clear()
        state.value.left -= 1
        if state.value.left > 0 { send(context) } else { done.succeed() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        done.fail(LoadGenerator.Failure.unexpected("the server closed the connection"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { done.fail(error) }

    /// Head and body together; nil while the head is not complete. Anything but a 2xx ends the run.
    private func answerLength() -> Int? {
        state.value.received.withUnsafeReadableBytes { bytes -> Int? in
            guard bytes.count > 12 else { return nil }
            if bytes[9] != 0x32 {
                done.fail(LoadGenerator.Failure.unexpected("an answer that is no success"))
                return nil
            }
            var index = 12
            var length = 0
            while index + 3 < bytes.count {
                if bytes[index] == 0x0D, bytes[index + 2] == 0x0D { return index + 4 + length }
                if bytes[index] == 0x0A, matches(bytes, at: index + 1) {
                    var digit = index + 17
                    while digit < bytes.count, (0x30...0x39).contains(bytes[digit]) {
                        length = length * 10 + Int(bytes[digit] - 0x30)
                        digit += 1
                    }
                    index = digit
                } else {
                    index += 1
                }
            }
            return nil
        }
    }

    private static let name = Array("content-length: ".utf8)

    private func matches(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard start + Self.name.count <= bytes.count else { return false }
        for offset in 0..<Self.name.count where bytes[start + offset] | 0x20 != Self.name[offset] | 0x20 {
            return false
        }
        return true
    }
}
