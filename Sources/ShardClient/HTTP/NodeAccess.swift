import ClientTLS
import ClusterSecurity
import NIOSSL

/// How the nodes of a cluster are spoken to, and who speaks. Shows its token nowhere.
public struct NodeAccess: Sendable {
    /// Nil: plain text.
    public var tls: ServerTLS?
    /// Shown with each request; nil: nothing is shown.
    public var token: Token?

    public init(tls: ServerTLS? = nil, token: Token? = nil) {
        self.tls = tls
        self.token = token
    }

    /// Plain, and nobody in particular.
    public static let open = NodeAccess()
}

/// The same with the files read.
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
