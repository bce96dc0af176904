/// The files that say whom a node lets in; each is optional.
public struct SecurityFiles: Hashable, Sendable {
    /// The node's certificate, its key, and the authority that it trusts: all or none of them.
    public struct TLS: Hashable, Sendable {
        public var certificate: String
        public var key: String
        public var authority: String

        public init(certificate: String, key: String, authority: String) {
            self.certificate = certificate
            self.key = key
            self.authority = authority
        }
    }

    public var tokens: String?
    public var tls: TLS?
    public var clusterSecret: String?
    /// True during a change from open to closed: peers that show nothing, and clients in plain HTTP, are still let in.
    public var acceptsOpenPeers = false

    public init() {}

    /// True if there is a file to read again.
    var isWatched: Bool { tokens != nil || tls != nil }
}

extension SecurityFiles {
    /// - Throws: ``ConfigurationError`` if a part is missing.
    init(_ settings: NodeSettings) throws(ConfigurationError) {
        tokens = settings.tokenFile?.text
        clusterSecret = settings.clusterSecretFile?.text
        acceptsOpenPeers = settings.acceptsOpenPeers
        switch (settings.certificateFile, settings.keyFile, settings.authorityFile) {
        case (nil, nil, nil): break
        case (let certificate?, let key?, let authority?):
            tls = TLS(certificate: certificate.text, key: key.text, authority: authority.text)
        case (let certificate, let key, let authority):
            throw ConfigurationError(
                setting: (certificate ?? key ?? authority)?.name ?? "--tls-cert",
                problem: "TLS needs a certificate, its key and the authority, and not all three are given",
                advice: "Give --tls-cert, --tls-key and --tls-ca, or none of them")
        }
        guard !acceptsOpenPeers || tls != nil || clusterSecret != nil else {
            throw ConfigurationError(
                setting: "--accept-open-peers", problem: "there is neither TLS nor a secret, so all peers are open",
                advice: "Give the files of the closed cluster too, or leave it out")
        }
    }
}
