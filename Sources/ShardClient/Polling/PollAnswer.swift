import ShardCore
import ShardWire

/// What one poll of one node brought.
enum PollAnswer: Sendable {
    case node(NodeAnswer)
    /// It is of no use now; in words.
    case problem(String, Trouble)
    /// This program could not ask it: nothing new is known of the node.
    case notAsked(String)

    enum Trouble: Sendable {
        /// It did not answer in time, and may be what it was before.
        case silent
        /// Nobody answers; it is worth finding out anew what listens there.
        case absent
        /// Something answers that is no node, or none that this program can read.
        case foreign
        /// It refuses to tell whoever asks.
        case refusing
        /// There is no TLS with it.
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

/// What a source knows of one node.
struct TrackedNode {
    var identity: NodeIdentity?
    /// The address that is dialled, where the node was reached under another name than its own.
    var dialled: NodeAddress
    var answer: NodeAnswer?
    var isReachable = false
    var problem: String?
    /// What kind of problem it is; nil where there is none.
    var trouble: PollAnswer.Trouble?
    /// Why this program could not ask it the last time; nil where it could.
    var notAsked: String?
    var answeredMilliseconds: UInt64?
    var pollMicroseconds: UInt64?
    var isPolled = false
    /// When a view last held it, or it answered.
    var namedMilliseconds: UInt64
    /// True for an address that the user gave.
    let isSeed: Bool

    init(dialled: NodeAddress, namedMilliseconds: UInt64, isSeed: Bool) {
        self.dialled = dialled
        self.namedMilliseconds = namedMilliseconds
        self.isSeed = isSeed
    }

    /// The nodes it named when it answered last.
    var named: [NodeAddress] {
        switch answer {
        case .full(let state): state.replica.peers.map(\.address) + state.replica.shards.joined()
        case .basic(let state): state.view + state.shards.flatMap { $0.members ?? [] }
        case nil: []
        }
    }
}
