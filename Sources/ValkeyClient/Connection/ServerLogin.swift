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

/// How TLS is spoken.
public struct ServerTLS: Sendable, Hashable {
    /// A file of certificates in PEM that are trusted; nil: those of the system.
    public let authorityFile: String?
    /// Own certificate and its key, files in PEM; both or none.
    public let certificateFile: String?
    public let keyFile: String?
    /// The name that the certificate must have, where it does not name the address connected to; nil: the host.
    public let serverName: String?
    /// The certificate is not looked at. Anybody who listens on the way can read everything.
    public let insecure: Bool

    public init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, serverName: String? = nil,
        insecure: Bool = false
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.insecure = insecure
    }
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
