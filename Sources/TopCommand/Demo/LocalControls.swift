import Dashboard
import ShardClient
import ShardCore

/// What the dashboard may do to a demo's own nodes.
struct LocalControls: DemoControls {
    let cluster: LocalCluster
    let traffic: TrafficRun
    let loading = Locked<DemoState.Loading?>(nil)

    init(cluster: LocalCluster, transport: NodeTransport, keys: Int) {
        self.cluster = cluster
        traffic = TrafficRun(nodes: cluster.addresses, transport: transport, keys: keys)
    }

    func kill(_ node: NodeAddress) throws {
        guard cluster.kill(node) else { throw Failure(.failed, "\(node) does not run; X starts it") }
    }

    func restart(_ node: NodeAddress) throws {
        guard cluster.start(node) else { throw Failure(.failed, "\(node) runs; x kills it") }
    }

    func pause(_ node: NodeAddress, isPaused: Bool) throws {
        guard cluster.pause(node, isPaused: isPaused) else {
            throw Failure(.failed, "\(node) does not run; X starts it")
        }
    }

    func startNode() async throws -> NodeAddress { try await cluster.startAnother() }

    func setTraffic(_ isOn: Bool) { if isOn { traffic.start() } else { traffic.stop() } }

    func state() -> DemoState {
        DemoState(paused: cluster.paused, traffic: traffic.figures(), loading: loading.withLock { $0 })
    }
}
