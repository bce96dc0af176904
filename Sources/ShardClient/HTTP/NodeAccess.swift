import ClientTLS
import ClusterSecurity
import NIOSSL

/// The TLS and the token with which a client speaks to the nodes of a cluster. Shows its token nowhere.
public struct NodeAccess: Sendable {
    /// Nil for plain text.
    public var tls: ServerTLS?
    /// The token shown with each request; nil to show none.
    public var token: Token?

    public init(tls: ServerTLS? = nil, token: Token? = nil) {
        self.tls = tls
        self.token = token
    }

    /// Plain text without a token.
    public static let open = NodeAccess()
}

/// A ``NodeAccess`` whose files were read.
struct PreparedAccess: Sendable {
    let tls: ServerTLS?
    let context: NIOSSLContext?
    let token: Token?

    init(_ access: NodeAccess) throws(TLSFileTrouble) {
        tls = access.tls
        token = access.token
        context = try access.tls?.context()
    }
}
