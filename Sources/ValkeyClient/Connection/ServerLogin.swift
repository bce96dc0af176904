import ClientTLS

/// As whom, and how, servers of one cluster are spoken to.
public struct ServerLogin: Sendable, Hashable {
    /// Nil is the user `default`.
    public let user: String?
    /// Nil: nothing is sent.
    public let password: Secret?
    /// Nil: plain text.
    public let tls: ServerTLS?

    public init(user: String? = nil, password: Secret? = nil, tls: ServerTLS? = nil) {
        self.user = user
        self.password = password
        self.tls = tls
    }

    /// Nobody in particular, in plain text.
    public static let open = ServerLogin()
}

/// Text that no description, dump or error shows.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The hidden text. Only code that sends it to the server may read it.
    public let revealed: String

    public init(_ text: String) {
        revealed = text
    }

    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
