import ArgumentParser
import ShardClient
import ShardCore
import ValkeyClient

/// The actions of 'get', 'put' and 'delete' on a key of a cluster, with their output.
protocol KeyActions {
    /// - Throws: ``Failure`` if there is no such key.
    func get(_ key: String, json: Bool) async throws
    /// - Parameter isString: true if the text is a string even if it is JSON.
    func put(_ key: String, _ text: String, isString: Bool, json: Bool) async throws
    /// - Throws: ``Failure`` if there is no such key.
    func delete(_ key: String, json: Bool) async throws
}

enum KeyName {
    /// The longest key of shardnodes. Other faults of a key the node reports.
    static let charactersMax = keyCharactersMax

    /// An empty key would be another path.
    static func validate(_ key: String) throws {
        guard !key.isEmpty else { throw ValidationError("The key is empty.") }
    }
}

extension OpenedCluster {
    /// Runs `body` with the cluster's keys. Requests go to the nodes that the user named, in turn, past those that
    /// fail; of another engine, to the server that has the key.
    static func withKeys(
        _ entry: ClusterEntry, _ login: @autoclosure () throws -> EngineLogin, _ context: ContextOptions, isSure: Bool,
        _ body: (any KeyActions) async throws -> Void
    ) async throws {
        switch entry {
        case .nodes(let seeds, let isTLS):
            try await withNodes(seeds, try login().access(isTLS: isTLS)) { transport in
                try await body(NodeKeys(client: ClusterClient(nodes: seeds, transport: transport), context: context))
            }
        case .servers(let urls):
            guard context.context == nil else {
                throw Failure(.usage, "--context is for shardnodes: Valkey and Redis know no causal contexts")
            }
            try await withServers(urls, try login()) { calls in
                let client = KeyClient(calls, seeds: urls.map(\.address))
                try await body(ServerKeys(client: client, entry: entry, isSure: isSure))
            }
        }
    }
}
