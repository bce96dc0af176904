import NIOCore
import ShardCore
import ShardWire

/// One client's place among those that follow a change of the layout.
struct ProgressSubscription {
    let id: UInt64
    let cancel: () -> Void
}

/// Tells followers how a change of the layout goes: a line of JSON whenever it has moved on, at most 20 a second, until
/// it ends. The replica is asked only while somebody follows.
final class ProgressStreams {
    static let countMax = 64
    static let interval = TimeAmount.milliseconds(50)

    private struct Follower {
        let connection: HTTPConnection
        let isChunked: Bool
        var hasStarted = false
    }

    private let core: NodeCore
    private var followers: [UInt64: Follower] = [:]
    private var lastID: UInt64 = 0
    private var lastProgress: ReshardProgress??
    private var timer: RepeatedTask?

    init(core: NodeCore) { self.core = core }

    var isFull: Bool { followers.count >= Self.countMax }

    func subscribe(_ connection: HTTPConnection, isChunked: Bool) -> ProgressSubscription {
        lastID += 1
        let id = lastID
        followers[id] = Follower(connection: connection, isChunked: isChunked)
        connection.writeStreamHead(isChunked: isChunked)
        if timer == nil {
            let streams = NIOLoopBound(self, eventLoop: core.eventLoop)
            timer = core.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.interval) { _ in
                streams.value.poll()
            }
        }
        return ProgressSubscription(id: id) { [self] in
            followers[id] = nil
            stopIfAlone()
        }
    }

    private func stopIfAlone() {
        guard followers.isEmpty else { return }
        timer?.cancel()
        timer = nil
        lastProgress = nil
    }

    private func poll() {
        let sink = ClosureSink { [self] reply in
            guard case .progress(let report) = reply else { return }
            tell(report?.told)
        }
        core.submit(.reshardProgress, to: sink, token: 0)
    }

    private func tell(_ progress: ReshardProgress?) {
        let isChange = lastProgress != .some(progress)
        lastProgress = .some(progress)
        guard isChange || followers.values.contains(where: { !$0.hasStarted }) else { return }
        var line = APIResponse.encoded(ReshardAnswer(reshard: progress)).body
        line.append(UInt8(ascii: "\n"))
        let isEnd = progress?.phase.isEnd ?? true
        for (id, follower) in followers where isChange || !follower.hasStarted {
            followers[id]?.hasStarted = true
            follower.connection.writeStream(line, isChunked: follower.isChunked, isEnd: isEnd)
            if isEnd { followers[id] = nil }
        }
        stopIfAlone()
    }
}

extension HTTPConnection {
    func writeStreamHead(isChunked: Bool) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 160)
        buffer.writeHead(status: 200, contentType: .lines, connection: .close)
        if isChunked { buffer.writeStaticString("Transfer-Encoding: chunked\r\n") }
        buffer.writeStaticString("\r\n")
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Writes a line of the stream. A follower that does not read loses lines, so that the node need not keep them.
    func writeStream(_ line: [UInt8], isChunked: Bool, isEnd: Bool) {
        guard let context, context.channel.isWritable || isEnd else { return }
        var buffer = context.channel.allocator.buffer(capacity: line.count + 32)
        if isChunked { buffer.writeString(String(line.count, radix: 16) + "\r\n") }
        buffer.writeBytes(line)
        if isChunked { buffer.writeStaticString("\r\n") }
        if isChunked && isEnd { buffer.writeStaticString("0\r\n\r\n") }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        if isEnd { endStream() }
    }
}
