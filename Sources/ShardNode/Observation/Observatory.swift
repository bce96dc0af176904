import ShardCore
import ShardWire

/// Tells what a node is and does: the replica's own account, with what the shell knows besides.
final class Observatory {
    private let core: NodeCore
    private let links: PeerLinks

    init(core: NodeCore, links: PeerLinks) {
        self.core = core
        self.links = links
    }

    func events(after sequence: UInt64) -> HTTPResponse {
        observed(json(core.events.page(after: sequence, incarnation: core.incarnation)))
    }

    func state(_ deliver: @escaping (HTTPResponse) -> Void) {
        nodeState { [self] state in deliver(observed(json(state))) }
    }

    /// Tells whether the node serves: 200 if it does, else 503. Tells nothing else, since anybody may ask.
    func health(_ deliver: @escaping (HTTPResponse) -> Void) {
        ask(.status) { [self] status in
            guard case .status(let replica) = status else { return }
            let serves = replica.state == .serving
            deliver(
                observed(
                    HTTPResponse(
                        status: serves ? 200 : 503, body: Array(#"{"state":"\#(replica.state.rawValue)"}"#.utf8))))
        }
    }

    func metrics(_ deliver: @escaping (HTTPResponse) -> Void) {
        nodeState { [self] state in
            let text = MetricsText(
                state: state, meter: core.traffic, links: links, peerLinksIn: core.connections.peerCount)
            deliver(observed(HTTPResponse(status: 200, body: text.bytes, contentType: .prometheus)))
        }
    }

    private func observed(_ response: HTTPResponse) -> HTTPResponse {
        core.traffic.record(.observe, status: response.status, microseconds: 0)
        return response
    }

    private func nodeState(_ deliver: @escaping (NodeState) -> Void) {
        ask(.status) { [self] status in
            guard case .status(let replica) = status else { return }
            ask(.reshardProgress) { [self] progress in
                var reshard: ReshardProgress?
                if case .progress(let report) = progress { reshard = report?.told }
                var state = NodeState(
                    version: NodeVersion.text, replica: replica,
                    traffic: core.traffic.traffic(connections: core.connections.count),
                    process: core.process.state(nowMicroseconds: NodeClock.monotonicMicroseconds()),
                    disk: core.disk?.state, security: core.security.state, reshard: reshard,
                    lastEvent: core.events.lastSequence)
                // Whoever is not let in hears nothing, and waits for ever: the reason is not in the replica's sight.
                if let wait = state.waitsFor, let reason = core.security.unlinkedWords {
                    state.waitsFor = "\(wait); \(reason)"
                }
                deliver(state)
            }
        }
    }

    private func ask(_ request: Request, _ then: @escaping (Reply) -> Void) {
        core.submit(request, to: ClosureSink(then), token: 0)
    }

    private func json(_ value: some Encodable) -> HTTPResponse {
        let response = APIResponse.encoded(value)
        return HTTPResponse(status: response.status, body: response.body)
    }
}

/// A sink for the replies to the shell's own requests.
final class ClosureSink: ReplySink {
    private let then: (Reply) -> Void

    init(_ then: @escaping (Reply) -> Void) { self.then = then }

    func take(_ reply: Reply, token: UInt64) { then(reply) }
}
