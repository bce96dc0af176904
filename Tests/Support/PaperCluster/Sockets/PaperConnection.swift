import NIOCore
import ValkeyClient

/// A client's connection to one node: reads commands, and answers them in order.
final class PaperConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let cluster: PaperCluster
    private let node: Int
    private var client = PaperClient()
    private var decoder = RESPDecoder()
    /// An answer that comes later holds up those after it; silence holds them up for ever.
    private var isHeldUp = false

    init(cluster: PaperCluster, node: Int) {
        self.cluster = cluster
        self.node = node
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data).readableBytesView)
        carryOn(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    private func carryOn(_ context: ChannelHandlerContext) {
        while !isHeldUp, context.channel.isActive {
            let reply: RESPValue?
            do {
                reply = try decoder.next()
            } catch {
                send(Array("-ERR Protocol error: \(error)\r\n".utf8), context)
                context.flush()
                return context.close(promise: nil)
            }
            guard let words = reply?.elements else { return }
            carryOut(PaperCommand(words.map { $0.bytes ?? [] }), context)
        }
    }

    private func carryOut(_ command: PaperCommand, _ context: ChannelHandlerContext) {
        let outcome = cluster.answer(command, at: node, &client)
        switch outcome {
        case .bytes(let bytes): send(bytes, context)
        case .silence: isHeldUp = true
        case .cut(let bytes):
            send(bytes, context)
            context.flush()
            context.close(promise: nil)
        case .later(let bytes, let delay):
            isHeldUp = true
            // On this connection's own loop, where it is at home.
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: delay) {
                let (connection, context) = bound.value
                guard context.channel.isActive else { return }
                connection.isHeldUp = false
                connection.send(bytes, context)
                connection.carryOn(context)
                context.flush()
            }
        case .death: cluster.end(node)
        }
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }
}

/// What a connection does about a command.
enum PaperOutcome {
    case bytes([UInt8])
    case silence
    case cut([UInt8])
    case later([UInt8], TimeAmount)
    /// The node is no more.
    case death
}
