import ShardCore
import ShardWire

/// The outcome of one poll of one node.
enum PollAnswer: Sendable {
    case node(NodeAnswer)
    /// The node is of no use now, for the reason in words.
    case problem(String, Trouble)
    /// This program could not ask the node: nothing new is known of it.
    case notAsked(String)

    enum Trouble: Sendable {
        /// The node did not answer in time, and may be what it was before.
        case silent
        /// Nobody answers; it is worth finding out anew what listens there.
        case absent
        /// Something answers that is no node, or a node that this program cannot read.
        case foreign
        /// The node refuses to tell this client.
        case refusing
        /// There is no TLS with the node.
        case insecure

        init(_ error: TransportError) {
            self =
                switch error {
                case .notHTTP: .foreign
                case .notPermitted: .refusing
                case .noSecureConnection: .insecure
                default: .silent
                }
        }
    }
}

/// The knowledge that a source has of one node.
struct TrackedNode {
    var identity: NodeIdentity?
    /// The address that is dialled, which differs from the node's own if it was reached under another name.
    var dialled: NodeAddress
    var answer: NodeAnswer?
    var isReachable = false
    var problem: String?
    /// The kind of the problem; nil if there is none.
    var trouble: PollAnswer.Trouble?
    /// The reason why this program could not ask the node the last time; nil if it could.
    var notAsked: String?
    var answeredMilliseconds: UInt64?
    var pollMicroseconds: UInt64?
    var isPolled = false
    /// The last time that a view held the node, or that it answered.
    var namedMilliseconds: UInt64
    /// True for an address that the user gave.
    let isSeed: Bool

    init(dialled: NodeAddress, namedMilliseconds: UInt64, isSeed: Bool) {
        self.dialled = dialled
        self.namedMilliseconds = namedMilliseconds
        self.isSeed = isSeed
    }

    /// The nodes that this one named when it last answered.
    var named: [NodeAddress] {
        switch answer {
        case .full(let state): state.replica.peers.map(\.address) + state.replica.shards.joined()
        case .basic(let state): state.view + state.shards.flatMap { $0.members ?? [] }
        case nil: []
        }
    }
}
