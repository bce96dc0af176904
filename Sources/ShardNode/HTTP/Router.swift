import NIOCore
import NIOHTTP1
import ShardCore
import ShardWire

/// A request that the replica has not answered yet.
struct PendingCall {
    let call: APICall
    let operation: TrafficMeter.Operation
    let startMicroseconds: UInt64
}

/// Decides who answers a request: the replica, or the shell itself for what only the shell knows.
final class Router {
    static let prefix = "/shardnode/v1/"

    let core: NodeCore
    private let observatory: Observatory
    private let streams: ProgressStreams
    private let valueBytesMax: Int

    init(core: NodeCore, observatory: Observatory, streams: ProgressStreams, valueBytesMax: Int) {
        self.core = core
        self.observatory = observatory
        self.streams = streams
        self.valueBytesMax = valueBytesMax
    }

    func isPeerRequest(_ head: RequestHead) -> Bool { head.method == .GET && head.uri == PeerProtocol.path }

    func route(_ head: RequestHead, _ body: ByteBuffer?, for connection: HTTPConnection, token: UInt64) {
        if let route = OwnRoute(uri: head.uri) {
            return answer(route, method: head.method, connection, token)
        }
        let start = NodeClock.monotonicMicroseconds()
        let bytes = body.map { Array($0.readableBytesView) } ?? []
        switch NodeAPI.parse(method: head.method.rawValue, target: head.uri, body: bytes, valueBytesMax: valueBytesMax) {
        case .success(let call):
            let operation = TrafficMeter.Operation(call.request)
            connection.answers.attach(
                PendingCall(call: call, operation: operation, startMicroseconds: start), to: token)
            core.submit(call.request, to: connection, token: token)
        case .failure(let error):
            core.traffic.record(.other, status: error.status, microseconds: 0)
            connection.respond(HTTPResponse(status: error.status, body: error.body), token: token)
        }
    }

    func subscribe(_ connection: HTTPConnection, isChunked: Bool) -> ProgressSubscription? {
        streams.subscribe(connection, isChunked: isChunked)
    }

    private func answer(_ route: OwnRoute, method: HTTPMethod, _ connection: HTTPConnection, _ token: UInt64) {
        let response: HTTPResponse
        switch route {
        case _ where method != .GET:
            response = HTTPResponse(status: 405, error: "This path answers GET only")
        case .state:
            return observatory.state { connection.respond($0, token: token) }
        case .metrics:
            return observatory.metrics { connection.respond($0, token: token) }
        case .events(let after):
            response = observatory.events(after: after)
        case .stream where streams.isFull:
            response = HTTPResponse(status: 503, error: "Too many streams are open; close one or poll the state")
        case .stream:
            core.traffic.record(.observe, status: 200, microseconds: 0)
            return connection.beginStream(token: token)
        case .peer:
            response = HTTPResponse(status: 426, error: "This path is for peers, by an upgrade to shardnode-peer/1")
        case .badQuery:
            response = HTTPResponse(status: 400, error: "The query must be after=N with a whole number N")
        }
        core.traffic.record(.observe, status: response.status, microseconds: 0)
        connection.respond(response, token: token)
    }
}

extension HTTPConnection: ReplySink {
    func take(_ reply: Reply, token: UInt64) {
        guard let pending = answers.takeCall(token) else { return }
        let answer = NodeAPI.encode(reply, for: pending.call)
        let elapsed = NodeClock.monotonicMicroseconds() - pending.startMicroseconds
        core.traffic.record(pending.operation, status: answer.status, microseconds: elapsed)
        respond(HTTPResponse(status: answer.status, body: answer.body), token: token)
    }
}

extension TrafficMeter.Operation {
    init(_ request: Request) {
        self =
            switch request {
            case .get: .get
            case .put: .put
            case .delete: .delete
            case .view, .addToView, .removeFromView: .view
            case .shardIDs, .nodeShardID, .shardMembers, .keyCount, .addMember: .shard
            case .reshard, .planReshard, .abortReshard: .reshard
            case .reshardProgress, .locate, .status: .observe
            }
    }
}
