import NIOCore
import ShardCore
import ShardWire

/// A request that the replica has not answered yet.
struct PendingCall {
    /// The HTTP method.
    let method: String
    let family: NameFamily
    let operation: TrafficMeter.Operation
    let startMicroseconds: UInt64
}

/// Decides who answers a request: the replica, or the shell itself if only the shell knows the answer.
final class Router {
    let core: NodeCore
    private let observatory: Observatory
    private let streams: ProgressStreams
    private let valueBytesMax: Int
    private let hosts: HostNames
    private let allowsFaults: Bool

    init(
        core: NodeCore, observatory: Observatory, streams: ProgressStreams, valueBytesMax: Int, hosts: HostNames,
        allowsFaults: Bool = false
    ) {
        self.core = core
        self.observatory = observatory
        self.streams = streams
        self.valueBytesMax = valueBytesMax
        self.hosts = hosts
        self.allowsFaults = allowsFaults
    }

    /// - Throws: a refusal if the node does not go by that name.
    func checkHost(_ authority: String) throws(HeadRefusal) {
        try hosts.check(authority, peers: { core.clusterNodes })
    }

    func route(_ call: HTTPRequest, for connection: HTTPConnection, token: UInt64) {
        if call.uri == PeerProtocol.path {
            let error = "This path is for peers, by an upgrade to \(PeerProtocol.name)"
            return refuse(APIError(426, error), connection, token)
        }
        let request = APIRequest(
            method: call.method, target: call.uri, body: call.body.map { Array($0.readableBytesView) } ?? [],
            valueBytesMax: valueBytesMax)
        let route: APIRoute
        do throws(APIError) {
            route = try request.route()
        } catch {
            return refuse(error, connection, token)
        }
        switch consume route {
        case .request(.addToView(let node), _) where otherName(of: node) != nil:
            let words = "\(node) is the node that the view has as \(otherName(of: node) ?? node); write it so"
            refuse(APIError(400, words), connection, token)
        case .request(let request, let family):
            submit(request, call.method, family, connection, token)
        case .state:
            observatory.state { connection.respond($0, token: token) }
        case .health:
            observatory.health { connection.respond($0, token: token) }
        case .isolate(let isIsolated):
            guard allowsFaults else {
                return refuse(
                    APIError(404, "This node takes no faults; start it with --allow-faults"), connection, token)
            }
            isolate(isIsolated)
            core.traffic.record(.other, status: 200, microseconds: 0)
            connection.respond(
                HTTPResponse(status: 200, body: Array(#"{"isolated":\#(isIsolated)}"#.utf8)), token: token)
        case .metrics:
            observatory.metrics { connection.respond($0, token: token) }
        case .events(let after):
            connection.respond(observatory.events(after: after), token: token)
        case .reshardStream where call.isHead:
            var response = HTTPResponse(status: 200, body: [], contentType: .lines)
            response.hasLength = false
            connection.respond(response, token: token)
        case .reshardStream where streams.isFull:
            refuse(APIError(503, "Too many streams are open; close one or poll the state"), connection, token)
        case .reshardStream:
            core.traffic.record(.observe, status: 200, microseconds: 0)
            connection.beginStream(token: token)
        }
    }

    /// The known node that `node` is another spelling of: two spellings would count as two nodes, and be dealt keys
    /// twice.
    private func otherName(of node: NodeAddress) -> NodeAddress? {
        core.clusterNodes.first { $0 != node && $0.isSameNode(as: node) }
    }

    private func isolate(_ isIsolated: Bool) {
        guard isIsolated != core.isIsolated else { return }
        core.isIsolated = isIsolated
        core.record(
            .warning, of: core.address,
            "\(core.address) is "
                + (isIsolated ? "cut off from its peers on purpose" : "connected with its peers again"))
    }

    private func submit(
        _ request: Request, _ method: String, _ family: NameFamily, _ connection: HTTPConnection, _ token: UInt64
    ) {
        let now = NodeClock.now()
        let call = PendingCall(
            method: method, family: family, operation: TrafficMeter.Operation(request),
            startMicroseconds: now.monotonicMicroseconds)
        connection.attach(call, to: token)
        core.submit(request, to: connection, token: token, now: now)
    }

    private func refuse(_ error: APIError, _ connection: HTTPConnection, _ token: UInt64) {
        core.traffic.record(.other, status: error.status, microseconds: 0)
        var response = HTTPResponse(status: error.status, body: error.body)
        if let allow = error.allow { response.allow = allow }
        connection.respond(response, token: token)
    }

    func subscribe(_ connection: HTTPConnection, isChunked: Bool) -> ProgressSubscription {
        streams.subscribe(connection, isChunked: isChunked)
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
            case .reshard, .planReshard, .abortReshard, .stepReshard: .reshard
            // Every other request only looks.
            default: .observe
            }
    }
}
