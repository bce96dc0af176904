import ArgumentParser
import ShardClient
import ShardCore
import ValkeyClient

/// What 'get', 'put' and 'delete' do with a key of a cluster, and print.
protocol KeyActions {
    /// - Throws: ``Failure`` where there is no such key.
    func get(_ key: String, json: Bool) async throws
    /// - Parameter isString: text that is JSON is a string all the same.
    func put(_ key: String, _ text: String, isString: Bool, json: Bool) async throws
    /// - Throws: ``Failure`` where there is no such key.
    func delete(_ key: String, json: Bool) async throws
}

enum KeyName {
    /// Of shardnodes; what else is no key, the node says.
    static let charactersMax = keyCharactersMax

    /// An empty key would be another path.
    static func validate(_ key: String) throws {
        guard !key.isEmpty else { throw ValidationError("The key is empty.") }
    }
}

extension OpenedCluster {
    /// Keys go through the nodes that the user named, in turn, past those that fail; of another engine, where they belong.
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
