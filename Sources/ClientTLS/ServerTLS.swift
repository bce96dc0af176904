import NIOCore

/// The settings of TLS for the servers or nodes of a cluster.
public struct ServerTLS: Sendable, Hashable {
    /// A file of trusted certificates in PEM; nil for those of the system.
    public let authorityFile: String?
    /// Own certificate and its key, files in PEM; both or none.
    public let certificateFile: String?
    public let keyFile: String?
    /// The name to look for in the certificate instead of the host connected to; nil for the host.
    public let serverName: String?
    /// True if the certificate is not checked. Then anybody listening on the way can read everything.
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
    /// The name that TLS tells the other side, and looks for in its certificate, when `host` is dialled. Nil for an IP
    /// address, which is no such name (RFC 6066, section 3), and is looked for as an address.
    public static func name(of host: String) -> String? {
        (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }
}
