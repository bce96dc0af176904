import NIOCore

/// How TLS is spoken with the servers or nodes of a cluster.
public struct ServerTLS: Sendable, Hashable {
    /// A file of certificates in PEM that are trusted; nil: those of the system.
    public let authorityFile: String?
    /// Own certificate and its key, files in PEM; both or none.
    public let certificateFile: String?
    public let keyFile: String?
    /// What the certificate must name, where it does not name the address connected to; nil: the host.
    public let serverName: String?
    /// The certificate is not looked at. Who listens on the way can read everything.
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

extension ServerTLS {
    /// The name that TLS tells the other side and looks for in its certificate, where that host is dialled. Nil for an IP
    /// address, which is no such name (RFC 6066, section 3), and is looked for as what it is.
    public static func name(of host: String) -> String? {
        (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }
}
