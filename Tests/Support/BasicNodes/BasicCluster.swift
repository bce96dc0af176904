import Foundation
import Synchronization

/// The state behind the nodes of another implementation: only the basic endpoints, in one family of names, causal
/// metadata as an object, and a placement of its own.
///
/// The nodes share it, as if replication took no time; they are apart only in how they behave on the wire.
public final class BasicCluster: Sendable {
    /// Which names the nodes answer to.
    public enum Names: String, Sendable, CaseIterable { case long, short }

    struct State {
        var view: [String] = []
        var shards: [[String]] = []
        var values: [String: String] = [:]
        var writes = 0
        /// All metadata ever given out, to the byte.
        var issued: Set<String> = []
        /// Requests that a node was sent, as method and path.
        var requests: [String] = []
    }

    public let names: Names
    public let habits: Habits
    let state = Mutex(State())

    public init(names: Names, habits: Habits = Habits()) {
        self.names = names
        self.habits = habits
    }

    /// Deals `addresses` round `shardCount` shards.
    public func place(_ addresses: [String], shardCount: Int) {
        state.withLock { state in
            state.view = addresses.sorted()
            state.shards = Self.deal(state.view, shardCount)
        }
    }

    /// Takes a node out of the view and of its shard, as the others do once they miss it.
    public func remove(_ address: String) {
        state.withLock { state in
            state.view.removeAll { $0 == address }
            for shard in state.shards.indices { state.shards[shard].removeAll { $0 == address } }
        }
    }

    /// A node of the view that is in no shard.
    public func join(_ address: String) {
        state.withLock { $0.view = ($0.view + [address]).sorted() }
    }

    public var keyCount: Int { state.withLock { $0.values.count } }

    /// The members of each shard.
    public var members: [[String]] { state.withLock(\.shards) }

    /// All requests for keys so far, such as "PUT /kvs/a".
    public var keyRequests: [String] { state.withLock(\.requests) }

    static func deal(_ view: [String], _ shardCount: Int) -> [[String]] {
        (0..<shardCount).map { shard in
            view.enumerated().filter { $0.offset % shardCount == shard }.map(\.element)
        }
    }

    static func shard(of key: String, _ shardCount: Int) -> Int {
        key.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFFFF } % max(1, shardCount)
    }
}

/// What a node answers.
struct BasicReply {
    var status: Int
    var contentType = "application/json"
    var body: String
    /// The node ends instead.
    var isFatal = false

    static func json(_ status: Int, _ body: String) -> BasicReply { BasicReply(status: status, body: body) }
    static func html(_ status: Int, _ title: String) -> BasicReply {
        BasicReply(
            status: status, contentType: "text/html",
            body: "<!doctype html><title>\(status) \(title)</title><h1>\(title)</h1>")
    }
    static let notFound = html(404, "Not Found")
    static let fatal = BasicReply(status: 500, body: "", isFatal: true)
}
