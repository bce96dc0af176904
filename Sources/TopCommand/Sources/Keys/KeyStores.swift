import ShardClient
import ShardCore
import ValkeyClient

/// Keys of nodes with the API of shardnodes: through every node in turn.
struct NodeKeyStore: KeyStore {
    let client: ClusterClient

    var executor: (any TaskExecutor)? { client.executor }

    func put(_ key: String, _ text: String, turn: Int) async throws(KeyTrouble) -> Bool {
        do throws(ClientError) {
            return try await client.put(key, value: .string(text), first: node(turn)).mayComeTwice
        } catch {
            throw KeyTrouble(error)
        }
    }

    func look(_ key: String, for text: String, turn: Int) async throws(KeyTrouble) -> KeyFinding {
        do throws(ClientError) {
            let answer = try await client.get(key, first: node(turn))
            let holding: KeyFinding.Holding =
                answer.value == nil ? .nothing : answer.value == .string(text) ? .wanted : .other
            return KeyFinding(holding: holding, node: answer.node.description)
        } catch {
            throw KeyTrouble(error)
        }
    }

    private func node(_ turn: Int) -> NodeAddress { client.nodes[turn % client.nodes.count] }
}

/// Keys of Valkey and Redis servers: each where its slot is.
struct ServerKeyStore: KeyStore {
    let client: KeyClient
    /// Nil for ever.
    var secondsToLive: Int?

    func put(_ key: String, _ text: String, turn: Int) async throws(KeyTrouble) -> Bool {
        do throws(ServerError) {
            return try await client.store(key, Array(text.utf8), secondsToLive: secondsToLive).mayComeTwice
        } catch {
            throw KeyTrouble(error)
        }
    }

    func look(_ key: String, for text: String, turn: Int) async throws(KeyTrouble) -> KeyFinding {
        do throws(ServerError) {
            let (content, answer) = try await client.get(key)
            let holding: KeyFinding.Holding =
                switch content {
                case .nothing: .nothing
                case .text(let bytes): bytes == Array(text.utf8) ? .wanted : .other
                case .other: .other
                }
            return KeyFinding(holding: holding, node: answer.server.description)
        } catch {
            throw KeyTrouble(error)
        }
    }
}

extension KeyTrouble {
    init(_ error: ClientError) {
        let kind: Kind =
            switch error {
            case .refused, .notThisAPI, .notPermitted, .noSecureConnection, .notSupported, .changeEnded, .planOutdated:
                .refused
            case .tryAgainLater: .busy
            case .nobodyAnswers, .outcomeUnknown: .silence
            }
        self.init(kind: kind, description: "\(error)", status: error.status)
    }

    init(_ error: ServerError) {
        let kind: Kind =
            switch error.kind {
            case .notNow: .busy
            case .unreachable, .silent, .lost, .cancelled: .silence
            case .wrongProtocol, .notPermitted, .notACluster, .refused, .broken: .refused
            }
        self.init(kind: kind, description: "\(error)", status: error.status)
    }
}
