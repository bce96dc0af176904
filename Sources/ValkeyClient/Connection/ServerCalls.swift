/// The door to the servers of a cluster that everything above it uses.
public protocol ServerCalls: Sendable {
    /// Sends the commands to one server, in order, on one connection, with no other call's commands between them.
    ///
    /// - Parameters:
    ///   - lane: calls of different lanes do not wait for each other: each has a connection of its own. 0 ..< 16.
    ///   - limit: the longest that it may take, with connecting and logging in.
    /// - Returns: a reply for each command, in order. An error reply is a value.
    /// - Throws: where the server cannot be reached, does not answer within the limit, or breaks the protocol.
    func send(
        _ commands: [Command], to server: ServerAddress, lane: Int, within limit: Duration
    ) async throws(ServerError) -> [RESPValue]
}

extension ServerCalls {
    /// Sends one command on the first lane.
    ///
    /// - Returns: its reply. An error reply is a value.
    public func send(
        _ command: Command, to server: ServerAddress, lane: Int = 0, within limit: Duration
    ) async throws(ServerError) -> RESPValue {
        let replies = try await send([command], to: server, lane: lane, within: limit)
        guard replies.count == 1 else { throw .replyCount(at: server) }
        return replies[0]
    }
}

extension ServerError {
    static func replyCount(at server: ServerAddress) -> ServerError {
        ServerError(.broken, at: server, "the number of its replies is not that of the commands")
    }
}
