import Foundation
import ShardClient
import ValkeyClient

/// What 'get', 'put' and 'delete' do where the cluster is one of Valkey or Redis servers.
enum ServerKeys {
    typealias Work = (KeyClient, ClusterEntry) async throws -> Void

    /// Prints the bytes as they are, and what is of another type by its name.
    static func get(_ key: String, json: Bool, _ context: ContextOptions) -> Work {
        { client, _ in
            try refuse(context)
            let (content, answer) = try await client.get(key)
            let slot = answer.slot.description
            switch content {
            case .nothing:
                if json {
                    KeyOutput.line([("key", .string(key)), ("found", .no), ("slot", text(slot)), ("value", .null)])
                }
                throw Failure(.failed, json ? "" : "no such key: \(key)")
            case .other(let type):
                throw Failure(
                    .failed, "\(key) is a \(type), which is not read here; see it with the engine's own client")
            case .text(let bytes):
                guard json else { return try Output.bytes(bytes) }
                guard let value = String(validating: bytes, as: UTF8.self) else {
                    throw Failure(
                        .failed, "\(key) is no text in UTF-8, as JSON needs it; without --json its bytes are printed")
                }
                KeyOutput.line([
                    ("key", .string(key)), ("found", .yes), ("value", .string(value)), ("slot", text(slot)),
                    ("node", .string(answer.server.description)),
                ])
            }
        }
    }

    static func put(
        _ key: String, _ value: String, string: Bool, json: Bool, isSure: Bool, _ context: ContextOptions
    ) -> Work {
        { client, entry in
            try refuse(context)
            try Confirmation.get("write the key \(key)", of: entry, isSure: isSure)
            let answer = try await client.put(key, Array(value.utf8))
            write("put", key, answer, json: json)
        }
    }

    static func delete(_ key: String, json: Bool, isSure: Bool, _ context: ContextOptions) -> Work {
        { client, entry in
            try refuse(context)
            try Confirmation.get("delete the key \(key)", of: entry, isSure: isSure)
            let (wasThere, answer) = try await client.delete(key)
            guard wasThere != false else { throw Failure(.failed, "no such key: \(key)") }
            write("deleted", key, answer, json: json)
        }
    }

    private static func write(_ outcome: String, _ key: String, _ answer: KeyAnswer, json: Bool) {
        guard json else {
            return Output.line("\(outcome) \(key) in slot \(answer.slot) at \(answer.server)")
        }
        KeyOutput.line([
            ("key", .string(key)), ("outcome", .string(outcome)), ("slot", text(answer.slot.description)),
            ("node", .string(answer.server.description)),
        ])
    }

    private static func refuse(_ context: ContextOptions) throws {
        guard context.context == nil else {
            throw Failure(.usage, "--context is for shardnodes: Valkey and Redis know no causal contexts")
        }
    }

    private static func text(_ number: String) -> JSONText { JSONText(number) ?? .null }
}

extension JSONText {
    fileprivate static var yes: JSONText { JSONText("true") ?? .null }
    fileprivate static var no: JSONText { JSONText("false") ?? .null }
}
