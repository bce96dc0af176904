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
    }

    public let names: Names
    let state = Mutex(State())

    public init(names: Names) { self.names = names }

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

    public var keyCount: Int { state.withLock { $0.values.count } }

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

    static func json(_ status: Int, _ body: String) -> BasicReply { BasicReply(status: status, body: body) }
    static let notFound = BasicReply(
        status: 404, contentType: "text/html",
        body: "<!doctype html><title>404 Not Found</title><h1>Not Found</h1>")
}
