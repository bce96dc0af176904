import NIOCore
import NIOPosix

/// Sends prepared requests over several connections, each of which waits for its answers before it sends again.
struct LoadGenerator {
    /// The bytes that a connection sends at once: one request, or several back to back.
    struct Item: Sendable {
        let bytes: ByteBuffer
        let answers: Int
    }

    let port: Int
    /// Sent in turn; each connection begins elsewhere.
    let items: [Item]
    let connections: Int
    let itemsPerConnection: Int

    enum Failure: Error { case unexpected(String) }

    /// Requests a second, from the first request to the last answer.
    func run(on group: MultiThreadedEventLoopGroup = .singleton) async throws -> Double {
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
        let answers = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for (number, channel) in clients.enumerated() {
                let done = channel.eventLoop.makePromise(of: Int.self)
                let driver = Driver(
                    items: items, first: number * itemsPerConnection, count: itemsPerConnection, done: done)
                tasks.addTask {
                    try await channel.pipeline.addHandler(driver).get()
                    return try await done.futureResult.get()
                }
            }
            return try await tasks.reduce(0, +)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        for channel in clients { try? await channel.close() }
        return Double(answers) / seconds
    }
}

/// One connection. Finds the end of an answer by its Content-Length, with as little work as possible: what the
/// generator costs is lost to both sides alike.
private final class Driver: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct State {
        var next: Int
        var left: Int
        var awaited = 0
        var answered = 0
        var received = ByteBuffer()
    }

    private let items: [LoadGenerator.Item]
    private let done: EventLoopPromise<Int>
    private let state: NIOLoopBoundBox<State>

    init(items: [LoadGenerator.Item], first: Int, count: Int, done: EventLoopPromise<Int>) {
        self.items = items
        self.done = done
        state = NIOLoopBoundBox.makeBoxSendingValue(
            State(next: first % items.count, left: count), eventLoop: done.futureResult.eventLoop)
    }

    func handlerAdded(context: ChannelHandlerContext) { send(context) }

    private func send(_ context: ChannelHandlerContext) {
        let item = items[state.value.next]
        state.value.next = state.value.next + 1 == items.count ? 0 : state.value.next + 1
        state.value.left -= 1
        state.value.awaited = item.answers
        context.writeAndFlush(wrapOutboundOut(item.bytes), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var chunk = unwrapInboundIn(data)
        state.value.received.writeBuffer(&chunk)
        while let length = answerLength(), state.value.received.readableBytes >= length {
            state.value.received.moveReaderIndex(forwardBy: length)
            state.value.awaited -= 1
            state.value.answered += 1
        }
        guard state.value.awaited == 0 else { return }
        state.value.received.clear()
        if state.value.left > 0 { send(context) } else { done.succeed(state.value.answered) }
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
                done.fail(
                    LoadGenerator.Failure.unexpected(
                        "an answer that is no success: \(String(decoding: bytes.prefix(300), as: UTF8.self))"))
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
