import NIOCore
import NIOPosix
import PaperCluster
import Synchronization
import ValkeyClient

/// A server that answers as a test wants: each command that comes, by its words.
final class OddServer: Sendable {
    enum Answer: Sendable {
        case value(RESPValue)
        case bytes([UInt8])
        /// Bytes, and then the end of the connection.
        case last([UInt8])
        case nothing

        static func text(_ text: String) -> Answer { .bytes(Array(text.utf8)) }
    }

    private let channel: any Channel
    private let counter: Counter

    private final class Counter: Sendable {
        let connections = Atomic<Int>(0)
        let commands = Mutex<[[String]]>([])
    }

    private init(channel: any Channel, counter: Counter) {
        self.channel = channel
        self.counter = counter
    }

    var address: ServerAddress { ServerAddress(host: "127.0.0.1", port: channel.localAddress?.port ?? 0) }
    /// Taken so far.
    var connections: Int { counter.connections.load(ordering: .relaxed) }
    /// What came so far, the greeting aside.
    var commands: [[String]] { counter.commands.withLock { $0 } }

    /// What a server that is a node of a cluster answers to HELLO.
    static let hello = RESPValue.map([
        .init(.bulk(Array("server".utf8)), .bulk(Array("redis".utf8))),
        .init(.bulk(Array("proto".utf8)), .integer(3)),
        .init(.bulk(Array("mode".utf8)), .bulk(Array("cluster".utf8))),
    ])

    /// A server that greets well and then answers by `answer`. It ends with its last reference.
    static func greeting(_ answer: @escaping @Sendable ([String]) -> Answer) async throws -> OddServer {
        try await answering { $0.first == "HELLO" ? .value(hello) : answer($0) }
    }

    /// A server that answers all by `answer`. It ends with its last reference.
    static func answering(_ answer: @escaping @Sendable ([String]) -> Answer) async throws -> OddServer {
        let counter = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                counter.connections.wrappingAdd(1, ordering: .relaxed)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(answer, counter))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return OddServer(channel: channel, counter: counter)
    }

    deinit { channel.close(promise: nil) }

    /// Nobody listens there any more when it returns.
    func close() async throws { try await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let answer: @Sendable ([String]) -> Answer
        private let counter: Counter
        private var decoder = RESPDecoder()

        init(_ answer: @escaping @Sendable ([String]) -> Answer, _ counter: Counter) {
            self.answer = answer
            self.counter = counter
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            decoder.append(unwrapInboundIn(data).readableBytesView)
            // What is no command, as TLS, is answered too.
            guard let commands = try? all() else { return carryOut(answer([]), context.channel) }
            for command in commands {
                if command.first != "HELLO" { counter.commands.withLock { $0.append(command) } }
                carryOut(answer(command), context.channel)
            }
        }

        private func all() throws(RESPFault) -> [[String]] {
            var commands: [[String]] = []
            while let command = try decoder.next() { commands.append((command.elements ?? []).map { $0.text ?? "" }) }
            return commands
        }

        private func carryOut(_ answer: Answer, _ channel: any Channel) {
            switch answer {
            case .value(let value): channel.writeAndFlush(ByteBuffer(bytes: value.bytes()), promise: nil)
            case .bytes(let bytes): channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
            case .last(let bytes):
                channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in channel.close(promise: nil) }
            case .nothing: break
            }
        }
    }
}

/// Waits until it is so; a test that waits in vain ends by its time limit.
func awaitCondition(_ isSo: () async -> Bool) async throws {
    while !(await isSo()) { try await Task.sleep(for: .milliseconds(5)) }
}
