import BitCollections
import ShardCore

/// One client: its context, and the writes that it knows by the checker's own account.
struct Session {
    /// A request that was sent and not answered yet.
    struct Open {
        let request: UInt64
        let operation: Operation
        let node: NodeAddress
        /// The start of the node that took the request.
        let start: UInt64
        let sentMicroseconds: UInt64
        /// True if the answer may have to wait for writes that its context names.
        let hasContext: Bool
        /// True if nobody can expect the answer any more: the node was paused since, or replaced.
        var isExcused = false
    }

    enum Operation {
        case get(key: String)
        case put(key: String, write: Int)
        case delete(key: String, write: Int)
        /// A write under a context that no cluster can have given out; it must be refused.
        case forged(key: String, write: Int)

        var key: String {
            switch self {
            case .get(let key), .put(let key, _), .delete(let key, _), .forged(let key, _): key
            }
        }
    }

    let number: Int
    /// False for a client that sends no context and hence is promised no order.
    let carriesContext: Bool
    /// The node that this client stays with, even if it is cut off; nil for a client that uses all nodes.
    let home: NodeAddress?
    var context = CausalContext.empty
    var known = BitSet()
    var open: Open?
    var nextMicroseconds: UInt64 = 0
}
