import ClientTLS
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The real servers: a connection for each lane of each server that is in use, opened when it is needed, again after a
/// loss, and closed when it is idle for long.
public final class Servers: ServerCalls {
    public static let lanes = 16

    private struct LaneID: Hashable {
        let server: ServerAddress
        let lane: Int
    }

    private struct Line {
        let connection: ServerConnection
        var lastUsed: UInt64
    }

    private struct State {
        var lines: [LaneID: Line] = [:]
        var uses: UInt64 = 0
        var isClosed = false
    }

    private let setup: ConnectionSetup
    private let state = Mutex(State())

    /// - Parameters:
    ///   - requiresCluster: servers that are no nodes of a cluster are refused.
    ///   - detours: where a server is dialled that is not reached where it announces itself.
    /// - Throws: where the files for TLS are of no use.
    public init(
        login: ServerLogin = .open, limits: ConnectionLimits = ConnectionLimits(), requiresCluster: Bool = true,
        detours: [ServerAddress: ServerAddress] = [:]
    ) throws(ServerError) {
        var context: NIOSSLContext?
        do throws(TLSFileTrouble) { context = try login.tls?.context() } catch {
            throw ServerError(.refused, at: nil, error.what, advice: error.advice)
        }
        setup = ConnectionSetup(
            login: login, tls: context, limits: limits, requiresCluster: requiresCluster,
            detours: detours, bytes: ByteCount())
    }

    deinit { close() }

    /// Runs `body` with servers whose connections are closed afterwards.
    public static func with<Result>(
        login: ServerLogin = .open, limits: ConnectionLimits = ConnectionLimits(),
        detours: [ServerAddress: ServerAddress] = [:], _ body: (Servers) async throws -> Result
    ) async throws -> Result {
        let servers = try Servers(login: login, limits: limits, detours: detours)
        defer { servers.close() }
        return try await body(servers)
    }

    /// Bytes sent and received so far, without those of TLS.
    public var bytesExchanged: UInt64 { setup.bytes.value }

    /// Connections that are open or opening.
    public var connectionCount: Int {
        state.withLock { $0.lines.values.count { $0.connection.status.isUsable } }
    }

    /// Closes all connections. Calls under way, and those to come, fail as cancelled.
    public func close() {
        let lines = state.withLock { state in
            state.isClosed = true
            defer { state.lines = [:] }
            return state.lines
        }
        for (id, line) in lines { line.connection.close(.cancelled(id.server, wasSent: true)) }
    }

    public func send(
        _ commands: [Command], to server: ServerAddress, lane: Int, within limit: Duration
    ) async throws(ServerError) -> [RESPValue] {
        precondition((0..<Self.lanes).contains(lane), "lane \(lane)")
        guard !commands.isEmpty else { return [] }
        let deadline = NIODeadline.now() + TimeAmount(limit)
        while true {
            let connection = try connection(LaneID(server: server, lane: lane))
            switch await connection.send(commands, by: deadline, limit: limit) {
            case .replies(let replies): return replies
            case .failed(let error): throw error
            case .notTaken:
                if Task.isCancelled { throw .cancelled(server, wasSent: false) }
                guard NIODeadline.now() < deadline else {
                    throw OpeningStep.connecting.error(server, within: limit)
                }
            }
        }
    }

    private func connection(_ id: LaneID) throws(ServerError) -> ServerConnection {
        try state.withLock { state throws(ServerError) in
            guard !state.isClosed else { throw .cancelled(id.server, wasSent: false) }
            state.uses += 1
            if let line = state.lines[id], line.connection.status.isUsable {
                state.lines[id]?.lastUsed = state.uses
                return line.connection
            }
            state.lines[id] = nil
            if state.lines.count >= setup.limits.connectionsMax { try makeRoom(&state, for: id.server) }
            let connection = ServerConnection(
                id.server, setup, loop: MultiThreadedEventLoopGroup.singleton.next())
            state.lines[id] = Line(connection: connection, lastUsed: state.uses)
            return connection
        }
    }

    /// Closes the connection that was idle for longest.
    private func makeRoom(_ state: inout State, for server: ServerAddress) throws(ServerError) {
        state.lines = state.lines.filter { $0.value.connection.status.isUsable }
        guard state.lines.count >= setup.limits.connectionsMax else { return }
        let idle = state.lines.filter { $0.value.connection.status.isIdle }
        guard let oldest = idle.min(by: { $0.value.lastUsed < $1.value.lastUsed }) else {
            throw ServerError(
                .notNow, at: server, "\(state.lines.count) connections are in use, which is the most",
                advice: "Allow more, or ask fewer servers at once.")
        }
        state.lines[oldest.key] = nil
        oldest.value.connection.close(.cancelled(oldest.key.server, wasSent: false))
    }
}
