/// How a cluster is watched.
public struct WatchSetup: Sendable {
    /// A server that needs longer for an answer counts as silent.
    public var timeoutMilliseconds: UInt64 = 1_000
    /// The longest time that a snapshot waits for a round. The first waits for the time-out, so that it finds everyone.
    public var patienceMilliseconds: UInt64 = 250
    /// More nodes than this are not followed.
    public var nodesMax = 1_000
    /// Up to so many nodes each is asked for its own view at every poll. Of larger clusters one node in turn is, and
    /// those that show a sign of a change.
    public var viewsMax = 30
    /// Of larger clusters: no view of the whole is older.
    public var topologyMilliseconds: UInt64 = 2_000
    /// Of larger clusters: how long asking all nodes for their figures takes, one after the other.
    public var figuresMilliseconds: UInt64 = 9_500
    /// More servers are not asked at the same time.
    public var asksAtOnceMax = 128
    /// The addresses to dial for servers that announce themselves elsewhere.
    public var reach: [ServerAddress: ServerAddress] = [:]
    /// True if nodes are dialled by the host name that they announce rather than by their address: certificates are
    /// made out to names.
    public var prefersHostNames = false

    public init() {}
}
