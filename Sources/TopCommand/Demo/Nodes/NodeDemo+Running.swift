import LocalNodes
import ShardClient

extension NodeDemo {
    /// Starts the nodes, shows them, and ends them.
    static func run(_ size: DemoSize, _ show: DemoShow) async throws {
        let budget = FileBudget(nodes: size.nodes)
        try budget.check()
        let program = try NodeProgram.find()
        try await onFreePorts(size) { claims in
            let setup = LocalCluster.Setup(
                program: program, claims: claims, shardCount: size.shards, reshardRate: size.keysPerSecondMax,
                isInMemory: size.isInMemory, isSecure: size.isSecure)
            try await LocalCluster.with(setup) { cluster in
                try await run(cluster, size, show, connections: budget.connectionsPerNode)
            }
        }
    }

    /// Runs `body` with ports for the nodes, and with others where another program takes one of them meanwhile.
    private static func onFreePorts(_ size: DemoSize, _ body: ([PortClaim]) async throws -> Void) async throws {
        for _ in 0..<LocalCluster.portTriesMax {
            do {
                return try await body(DemoPorts.claim(size.nodes, from: size.firstPort))
            } catch let taken as PortTaken {
                Output.error("port \(taken.port) was taken by another program meanwhile; starting anew on other ports")
            }
        }
        throw Failure(.unavailable, "other programs take every port that nodes are started on; try another --port")
    }

    private static func run(
        _ cluster: LocalCluster, _ size: DemoSize, _ show: DemoShow, connections: Int
    ) async throws {
        let ports = cluster.setup.ports
        Output.line(
            "\(Words.plural(size.nodes, "node")) on ports \(ports.first ?? 0) to \(ports.last ?? 0), "
                + "\(Words.plural(size.shards, "shard"))")
        if let security = cluster.security, let first = cluster.addresses.first {
            Output.line(security.invitation(to: first))
        }
        try await NodeTransport.with(
            access: cluster.access, connectionsPerNodeMax: min(16, connections)
        ) { transport in
            let source = PollingSource(seeds: cluster.addresses, transport: transport)
            let demo = NodeDemo(cluster: cluster, source: source)
            let client = ClusterClient(nodes: cluster.addresses, transport: transport)
            let keys = DemoKeys(store: NodeKeyStore(client: client), count: size.keys)
            if let reshard = show.story {
                return try await DemoStory(cluster: demo, source: ShardnodeSource(source), keys: keys).tell(reshard)
            }
            // The clients' connections are none of the dashboard's: who waits there must not keep a poll waiting, which
            // would make a node look silent that is not.
            try await NodeTransport.with(access: cluster.access, connectionsPerNodeMax: connections) { clients in
                let nodes = TrafficNodes(cluster.addresses, transport: clients)
                let traffic = TrafficRun(keys: size.keys, executor: clients.executor) {
                    TrafficClient(number: $0, of: TrafficRun.clients, prefix: $1, nodes: nodes)
                }
                let dashboardSource = PollingSource(seeds: cluster.addresses, transport: transport)
                try await show.openDashboard(
                    ShardnodeSource(dashboardSource), LocalControls(cluster: demo, keys: keys, traffic: traffic))
            }
        }
    }
}
