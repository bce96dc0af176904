import HostSystem
import LocalServers
import ValkeyClient

extension ServerDemo {
    /// Starts the servers, shows them, and ends them.
    ///
    /// - Throws: what to install, where the engine is not installed.
    static func run(_ engine: DemoEngine, _ size: DemoSize, _ show: DemoShow) async throws {
        let program: ServerProgram
        do {
            program = try await ServerProgram.find(engine.server)
        } catch {
            throw Failure(.failed, error.words)
        }
        var settings = ServerSettings()
        settings.keepsData = !size.isInMemory
        try await DemoFolder.with { folder in
            var shape = ServerCluster.Shape(
                primaries: size.shards, replicasEach: size.replicasEach, spares: size.spares)
            shape.firstPort = size.firstPort
            shape.folder = folder
            try await ServerCluster.with(program, shape, settings) { cluster in
                try await run(cluster, size, show)
            }
        }
    }

    private static func run(_ cluster: ServerCluster, _ size: DemoSize, _ show: DemoShow) async throws {
        let ports = cluster.servers.map(\.port)
        let shape = cluster.shape
        let parts = [
            Words.plural(shape.primaries, "shard"),
            shape.replicasEach > 0 ? "a replica each" : "no replicas",
            shape.spares > 0 ? "\(Words.plural(shape.spares, "server")) spare" : "none spare",
        ]
        Output.line(
            "\(Words.plural(size.nodes, "server")) of \(cluster.program.engine.name) \(cluster.program.version) on ports "
                + "\(ports.first ?? 0) to \(ports.last ?? 0): \(parts.joined(separator: ", "))")
        let keyServers = try Servers()
        defer { keyServers.close() }
        let store = KeyClient(keyServers, seeds: cluster.addresses)
        let keys = DemoKeys(store: ServerKeyStore(client: store), count: size.keys)
        let calls = try Servers()
        defer { calls.close() }
        let source = AwaitedSource(await source(cluster, calls, size))
        let demo = ServerDemo(cluster, formed: source.becomesReady)
        if let reshard = show.story {
            return try await DemoStory(cluster: demo, source: source, keys: keys).tell(reshard)
        }
        // The clients' connections are none of the dashboard's: who waits there must not keep a poll waiting.
        let clients = try Servers()
        defer { clients.close() }
        let trafficStore = KeyClient(clients, seeds: cluster.addresses)
        let traffic = TrafficRun(keys: size.keys) {
            ServerTrafficClient(number: $0, prefix: $1, store: trafficStore)
        }
        try await show.openDashboard(source, LocalControls(cluster: demo, keys: keys, traffic: traffic))
    }

    private static func source(_ cluster: ServerCluster, _ calls: Servers, _ size: DemoSize) async -> ValkeySource {
        let changer = Changer(calls: calls, login: .open)
        await changer.setPace(keysPerSecond: size.keysPerSecondMax)
        let poller = ClusterPoller(seeds: cluster.addresses, calls: calls)
        return ValkeySource(poller: poller, calls: calls, changer: changer, bytes: { calls.bytesExchanged })
    }
}

extension DemoEngine {
    fileprivate var server: ServerEngine {
        switch self {
        case .valkey: .valkey
        case .redis: .redis
        }
    }
}
