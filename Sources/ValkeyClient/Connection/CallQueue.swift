import NIOCore

/// The calls of one connection, in the order in which their replies come. Reads no clock and knows no socket.
///
/// A call that is given up keeps its place, as its replies still come, and the connection is stale then: who waits behind
/// something that does not end is better off on a new one.
struct CallQueue<Token> {
    typealias Completion = (token: Token, result: Result<[RESPValue], ServerError>)

    enum Added {
        /// To be written now.
        case write(ByteBuffer)
        /// It waits for the connection.
        case held
        case refused(Completion)
    }

    private struct Call {
        let id: UInt64
        /// Nil once given up.
        var token: Token?
        /// Nil once written.
        var unsent: ByteBuffer?
        let bytes: Int
        /// Replies that are still to come.
        var missing: Int
        var replies: [RESPValue] = []
        let deadline: NIODeadline
        let limit: Duration
    }

    private let server: ServerAddress
    private let limits: ConnectionLimits
    private var calls = CircularBuffer<Call>()
    private var commands = 0
    private var bytes = 0
    /// Of calls that somebody waits for.
    private(set) var live = 0
    private(set) var isOpen = false
    private(set) var isStale = false
    /// The step of opening that is under way: a call that ends before the connection is open has failed on it.
    var waitsFor: OpeningStep = .connecting

    init(server: ServerAddress, limits: ConnectionLimits) {
        self.server = server
        self.limits = limits
    }

    var isEmpty: Bool { calls.isEmpty }
    /// Nobody waits any more, and nobody else should.
    var isUseless: Bool { isStale && live == 0 }
    /// When the next call is to be given up.
    var nextDeadline: NIODeadline? { calls.lazy.filter { $0.token != nil }.map(\.deadline).min() }

    /// - Parameter buffer: holds `count` commands.
    mutating func add(
        _ token: Token, id: UInt64, _ buffer: ByteBuffer, count: Int, deadline: NIODeadline, limit: Duration
    ) -> Added {
        let size = buffer.readableBytes
        let isTooMuch = commands + count > limits.commandsMax || bytes + size > limits.bytesMax
        guard calls.isEmpty || !isTooMuch else {
            let error = ServerError(
                .notNow, at: server, "\(commands) commands wait for it already", advice: "Ask for less at once.")
            return .refused((token, .failure(error)))
        }
        commands += count
        bytes += size
        live += 1
        var call = Call(
            id: id, token: token, unsent: buffer, bytes: size, missing: count, deadline: deadline, limit: limit)
        if isOpen { call.unsent = nil }
        calls.append(call)
        return isOpen ? .write(buffer) : .held
    }

    /// The connection stands.
    ///
    /// - Returns: what is to be written, in order.
    mutating func opened() -> [ByteBuffer] {
        isOpen = true
        return calls.indices.compactMap { index in
            defer { calls[index].unsent = nil }
            return calls[index].unsent
        }
    }

    /// - Returns: the call that is complete with it; nil inside where it was given up. Nil: it needs more.
    /// - Throws: where nobody asked for a reply.
    mutating func receive(_ reply: RESPValue) throws(RESPFault) -> Completion? {
        guard !calls.isEmpty else { throw .malformed("a reply that nobody asked for") }
        commands -= 1
        calls[calls.startIndex].missing -= 1
        if calls[calls.startIndex].token != nil { calls[calls.startIndex].replies.append(reply) }
        guard calls[calls.startIndex].missing == 0 else { return nil }
        let call = calls.removeFirst()
        bytes -= call.bytes
        guard let token = call.token else { return nil }
        live -= 1
        return (token, .success(call.replies))
    }

    /// Gives up the calls that are due.
    mutating func expire(now: NIODeadline) -> [Completion] {
        var ended: [Completion] = []
        for index in calls.indices where calls[index].deadline <= now {
            let call = calls[index]
            guard let token = call.token else { continue }
            let error =
                isOpen
                ? ServerError(
                    .silent, at: server, "it did not answer within \(call.limit.words)",
                    advice: "Whether the command was carried out is not known.")
                : waitsFor.error(server, within: call.limit)
            giveUp(index)
            ended.append((token, .failure(error)))
        }
        dropUnsent()
        return ended
    }

    /// - Returns: nil if it has ended already.
    mutating func cancel(_ id: UInt64) -> Completion? {
        guard let index = calls.firstIndex(where: { $0.id == id }), let token = calls[index].token else { return nil }
        let wasSent = calls[index].unsent == nil
        giveUp(index)
        dropUnsent()
        return (token, .failure(.cancelled(server, wasSent: wasSent)))
    }

    /// The connection has ended: so have all calls. A call that was never written is told so.
    mutating func close(_ error: ServerError) -> [Completion] {
        let ended = calls.compactMap { call in
            call.token.map { ($0, .failure(call.unsent == nil ? error : error.unsent)) as Completion }
        }
        calls = []
        (commands, bytes, live) = (0, 0, 0)
        isOpen = false
        isStale = true
        return ended
    }

    private mutating func giveUp(_ index: CircularBuffer<Call>.Index) {
        calls[index].token = nil
        calls[index].replies = []
        live -= 1
        if calls[index].unsent == nil { isStale = true }
    }

    /// Drops the calls that nobody waits for and that were not written yet.
    private mutating func dropUnsent() {
        guard !isOpen else { return }
        for call in calls where call.token == nil {
            commands -= call.missing
            bytes -= call.bytes
        }
        calls.removeAll { $0.token == nil }
    }
}

/// The steps that a connection goes through before it can be used.
enum OpeningStep: Sendable {
    case connecting, securing, greeting

    func error(_ server: ServerAddress, within limit: Duration) -> ServerError {
        switch self {
        case .connecting:
            ServerError(
                .unreachable, at: server, "no connection within \(limit.words)",
                advice: "See whether the host is up, and whether a firewall drops what is sent to the port.")
        case .securing:
            ServerError(
                .silent, at: server,
                "it takes connections, but does not answer the TLS handshake within \(limit.words)",
                advice: "If it speaks plain text, use valkey:// or redis://.", mayHaveHappened: false)
        case .greeting:
            ServerError(
                .silent, at: server, "it takes connections, but does not answer within \(limit.words)",
                advice: "See whether the process is stopped or overloaded.", mayHaveHappened: false)
        }
    }
}

extension ServerError {
    static func cancelled(_ server: ServerAddress, wasSent: Bool) -> ServerError {
        ServerError(.cancelled, at: server, "the call was given up", mayHaveHappened: wasSent)
    }

    /// The same about commands that were never written.
    var unsent: ServerError {
        let kind: Kind = kind == .lost ? .unreachable : kind
        return ServerError(kind, at: server, what, advice: advice, mayHaveHappened: false)
    }
}
