import NIOHTTP1

@testable import ShardNode

/// Connections in each phase that one can be in for a while, by its name.
enum ConnectionPhases: String, CaseIterable, Sendable {
    case fresh, surplus, idle, reading, answering, heldBack, finishing, streaming, ending, lingering, over

    /// Nothing that it did to come there is left in what it wanted done.
    var connection: ScriptedConnection {
        var connection = ScriptedConnection(isSurplus: self == .surplus)
        switch self {
        case .fresh, .surplus: break
        case .idle:
            connection.ask("/first")
            connection.answer(0)
        case .reading:
            connection.begin("/kvs/a", method: .PUT)
            connection.body(10)
        case .answering: connection.ask("/kvs/a")
        case .heldBack:
            connection.isWritable(false)
            connection.ask("/kvs/a")
        case .finishing: connection.ask("/kvs/a", [("Connection", "close")])
        case .streaming:
            connection.ask("/stream")
            connection.does { $0.stream(to: 0) }
        case .ending, .lingering:
            connection.ask("/kvs/a", [("Connection", "close")])
            connection.answer(0)
            if self == .lingering { connection.allIsWritten() }
        case .over: connection.does { $0.close() }
        }
        _ = connection.taken()
        return connection
    }
}
