import HostSystem
import ShardClient
import ShardCore
import ValkeyClient

/// Where 'load' puts its keys, and what it says of it.
struct LoadTarget {
    let store: any KeyStore
    let prefix: String
    /// "6 nodes"
    let through: String
}

/// How keys are loaded, or deleted again.
struct LoadWishes {
    let count: Int
    var prefix: String?
    var secondsToLive: Int?
    var cleansUp = false
    /// Writing to an engine that is not our own is not asked about.
    var isSure = false
    /// How long a single put is tried for.
    let patienceMilliseconds: UInt64

    /// Under a prefix of its own, and with a time to live: what is loaded into another engine is nobody's data.
    fileprivate var serverPrefix: String { prefix ?? "shardtop:load:" }
    fileprivate var serverSecondsToLive: Int { secondsToLive ?? 3_600 }
}

extension OpenedCluster {
    /// - Parameter body: not run where keys are only deleted.
    static func withLoadTarget(
        _ entry: ClusterEntry, _ login: @autoclosure () throws -> EngineLogin, _ wishes: LoadWishes,
        _ body: (LoadTarget) async throws -> Void
    ) async throws {
        switch entry {
        case .nodes(let seeds, let isTLS):
            guard wishes.secondsToLive == nil, !wishes.cleansUp else {
                throw Failure(
                    .usage, "--ttl and --clean-up are for Valkey and Redis; keys of shardnodes have no time to live")
            }
            try await withNodes(seeds, try login().access(isTLS: isTLS)) { transport in
                let source = PollingSource(seeds: seeds, transport: transport, configuration: .oneShot)
                let nodes = await source.snapshot().nodes.filter(\.isReachable).map(\.address)
                if let outage = await source.outage { throw outage }
                var configuration = ClusterClient.Configuration()
                configuration.patienceMilliseconds = wishes.patienceMilliseconds
                let store = NodeKeyStore(
                    client: ClusterClient(nodes: nodes, transport: transport, configuration: configuration))
                try await body(
                    LoadTarget(
                        store: store, prefix: wishes.prefix ?? "key-", through: Words.plural(nodes.count, "node")))
            }
        case .servers(let urls):
            try confirm(wishes, entry)
            try await withServers(urls, try login()) { calls in
                let client = KeyClient(calls, seeds: urls.map(\.address))
                if wishes.cleansUp { return try await cleanUp(wishes, client) }
                try await body(
                    LoadTarget(
                        store: ServerKeyStore(client: client, secondsToLive: wishes.serverSecondsToLive),
                        prefix: wishes.serverPrefix, through: "the servers of \(entry.name)"))
            }
        }
    }

    private static func confirm(_ wishes: LoadWishes, _ entry: ClusterEntry) throws {
        let keys = "\(wishes.serverPrefix)0 to \(wishes.serverPrefix)\(wishes.count - 1)"
        try Confirmation.get(
            wishes.cleansUp
                ? "delete the keys \(keys)"
                : "write \(Words.plural(wishes.count, "key")) \(keys), which go after "
                    + "\(Words.plural(wishes.serverSecondsToLive, "second")),",
            of: entry, isSure: wishes.isSure)
    }

    private static func cleanUp(_ wishes: LoadWishes, _ client: KeyClient) async throws {
        let failed = await KeySweep.delete((0..<wishes.count).map { "\(wishes.serverPrefix)\($0)" }, client)
        guard failed == 0 else { throw Failure(.failed, "\(Words.plural(failed, "key")) could not be deleted") }
        Output.line("\(Words.plural(wishes.count, "key")) deleted")
    }
}
