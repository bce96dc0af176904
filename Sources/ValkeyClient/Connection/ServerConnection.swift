import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The settings that all connections of one cluster have in common, and their count of bytes.
struct ConnectionSetup: Sendable {
    let login: ServerLogin
    let tls: NIOSSLContext?
    let limits: ConnectionLimits
    let requiresCluster: Bool
    let detours: [ServerAddress: ServerAddress]
    let bytes: ByteCount

    /// The address at which a server is dialled.
    func reach(_ server: ServerAddress) -> ServerAddress { detours[server] ?? server }
}

/// Bytes sent and received.
final class ByteCount: Sendable {
    private let count = Atomic<UInt64>(0)

    func add(_ more: Int) { count.wrappingAdd(UInt64(max(0, more)), ordering: .relaxed) }
    var value: UInt64 { count.load(ordering: .relaxed) }
}

/// The state of a connection that may be read from outside its event loop.
final class ConnectionStatus: Sendable {
    private let usable = Atomic<Bool>(true)
    private let idle = Atomic<Bool>(false)

    func set(isUsable: Bool, isIdle: Bool) {
        usable.store(isUsable, ordering: .relaxed)
        idle.store(isIdle, ordering: .relaxed)
    }

    /// It takes calls, as far as is known.
    var isUsable: Bool { usable.load(ordering: .relaxed) }
    var isIdle: Bool { idle.load(ordering: .relaxed) }
}

/// A connection to one server, for many calls at once. It opens by itself, and once closed stays closed.
final class ServerConnection: Sendable {
    enum Answer: Sendable {
        case replies([RESPValue])
        case failed(ServerError)
        /// It had ended before the call came: nothing was sent, and a new connection may do.
        case notTaken
    }

    private let loop: any EventLoop
    private let core: NIOLoopBoundBox<ConnectionCore>
    let status = ConnectionStatus()

    init(_ server: ServerAddress, _ setup: ConnectionSetup, loop: any EventLoop) {
        self.loop = loop
        let status = status
        core = NIOLoopBoundBox.makeBoxSendingValue(
            ConnectionCore(server, setup, loop: loop, status: status), eventLoop: loop)
        loop.execute { [core] in core.value.open() }
    }

    /// - Parameters:
    ///   - deadline: by then it returns, whatever happens.
    ///   - limit: the same as it was given, for the words.
    func send(_ commands: [Command], by deadline: NIODeadline, limit: Duration) async -> Answer {
        let buffer = RESPEncoder.encode(commands)
        let ticket = Ticket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                loop.execute { [core] in
                    let core = core.value
                    core.add(
                        answer, id: ticket.id, buffer, count: commands.count, deadline: deadline, limit: limit)
                    // It may have been cancelled before there was anything to cancel.
                    if ticket.isCancelled { core.cancel(ticket.id) }
                }
            }
        } onCancel: {
            ticket.cancel()
            loop.execute { [core] in core.value.cancel(ticket.id) }
        }
    }

    /// Ends it; calls under way fail with the error.
    func close(_ error: ServerError) {
        loop.execute { [core] in core.value.close(error) }
    }

    private final class Ticket: Sendable {
        private static let last = Atomic<UInt64>(0)
        private let cancelled = Atomic<Bool>(false)
        let id = Ticket.last.wrappingAdd(1, ordering: .relaxed).newValue

        var isCancelled: Bool { cancelled.load(ordering: .sequentiallyConsistent) }
        func cancel() { cancelled.store(true, ordering: .sequentiallyConsistent) }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        // A year is for ever, and keeps the sum from overflowing.
        self = .nanoseconds(min(seconds, 31_536_000) * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
