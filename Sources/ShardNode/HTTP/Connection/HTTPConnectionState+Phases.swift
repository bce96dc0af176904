extension HTTPConnectionState {
    enum Phase {
        /// Between requests.
        case idle(Idle)
        case reading
        /// A peer asked to speak its own protocol.
        case upgrading
        /// The last answer is decided, and others are owed before it; whatever else comes is thrown away.
        case finishing
        /// The connection carries a stream, which ends it.
        case streaming
        /// The last answer is on its way into the socket.
        case ending
        /// The last answer is in the socket.
        case written
        /// The client was told that nothing more comes, and the node waits for its goodbye.
        case lingering
        /// The connection is to be closed, whatever is under way.
        case breaking
        /// The connection is closed, or a peer's.
        case over
    }

    enum Idle {
        /// Before the first request; `surplus` if there were too many connections when this one came.
        case fresh, surplus
        case between
    }

    /// A request or a refusal that waits for its turn.
    enum Arrival {
        case request(HTTPRequest)
        /// The input behind the requests was no request.
        case refusal(HTTPResponse, isHead: Bool)
    }

    /// The next thing for the connection to do.
    enum Action: ~Copyable {
        /// The request is to be served, now or later; see ``answer(_:to:)``.
        case serve(HTTPRequest, token: UInt64)
        case write(HTTPResponse, HTTPResponse.ConnectionHeader, isHead: Bool)
        /// As ``write``, with ``allIsWritten(now:)`` to follow once the socket has all.
        case writeLast(HTTPResponse, isHead: Bool)
        /// The client is to be told to send its body.
        case writeContinue
        /// See ``streamHasEnded()``.
        case beginStream(isChunked: Bool)
        /// The written bytes are to go into the socket.
        case flush
        /// The client was given all it is owed. The connection is to be closed; but if the socket has not taken
        /// everything, or has input that was not read, ``allIsWritten(now:)`` is to follow once it has.
        case end(hasUnread: Bool)
        /// The node's side is to be closed.
        case sayGoodbye
        case read
        case becomePeer
        case close
    }
}
