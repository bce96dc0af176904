extension HTTPConnectionState {
    enum Phase {
        /// Between requests.
        case idle(Idle)
        /// `before` is what was read of the connection before its body.
        case reading(HTTPRequest, before: UInt64)
        /// A peer asked to speak its own protocol.
        case upgrading
        /// The last answer is decided, and something is owed before it; whatever else comes is thrown away.
        case finishing
        /// The connection carries a stream, which ends it.
        case streaming
        /// The last answer is on its way into the socket.
        case ending
        /// It is there.
        case written
        /// The client was told that nothing more comes, and its goodbye is waited for.
        case lingering
        /// To be closed, whatever is under way.
        case breaking
        /// Closed, or a peer's.
        case over
    }

    enum Idle {
        /// Before the first request; `surplus` where there were too many connections when it came.
        case fresh, surplus
        case between
    }

    /// What waits for its turn.
    enum Arrival {
        case request(HTTPRequest)
        /// What came behind the requests was none.
        case refusal(HTTPResponse, isHead: Bool)
    }

    /// What is to be done next.
    enum Action {
        /// The request is to be served, now or later; see ``answer(_:to:)``.
        case serve(HTTPRequest, token: UInt64)
        case write(HTTPResponse, HTTPResponse.ConnectionHeader, isHead: Bool)
        /// As ``write``, with ``allIsWritten(now:)`` to follow once the socket has all.
        case writeLast(HTTPResponse, isHead: Bool)
        /// The client is to be told to send its body.
        case writeContinue
        /// See ``streamHasEnded()``.
        case beginStream(isChunked: Bool)
        /// What was written is to go into the socket.
        case flush
        /// The client was given all it is owed. The connection is to be closed, or, where the socket has not taken all or
        /// has something that was not read, ``allIsWritten(now:)`` is to follow once it has.
        case end(hasUnread: Bool)
        /// The node's side is to be closed.
        case sayGoodbye
        case read
        case becomePeer
        case close
    }
}
