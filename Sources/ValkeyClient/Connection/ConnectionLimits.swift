import Foundation

/// The bounds of connections, in number, time and size.
public struct ConnectionLimits: Sendable, Hashable {
    /// Of all connections to all servers together. At the limit, idle ones are closed for new ones. At first as many as
    /// the process may open files, less some for other uses.
    public var connectionsMax = max(16, min(2_048, sysconf(Int32(_SC_OPEN_MAX)) - 128))
    /// Until a connection stands: name, TCP, TLS and log-in together.
    public var opening = Duration.seconds(3)
    /// A connection without calls is closed after this.
    public var idle = Duration.seconds(60)
    /// Commands on one connection that wait for their replies.
    public var commandsMax = 65_536
    /// Bytes of such commands. One call may be larger where it is alone.
    public var bytesMax = 64 * 1024 * 1024
    public var replies = RESPLimits()

    public init() {}
}

extension Duration {
    /// For a person: "2 s", "250 ms".
    var words: String {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }
}
