import ShardClient
import ValkeyClient

/// The actions of 'get', 'put' and 'delete' on a cluster of Valkey or Redis servers.
struct ServerKeys: KeyActions {
    let client: KeyClient
    let entry: ClusterEntry
    let isSure: Bool

    /// Prints a string's bytes as they are, and the type's name for other values.
    func get(_ key: String, json: Bool) async throws {
        let (content, answer) = try await client.get(key)
        switch content {
        case .nothing:
            if json {
                KeyOutput.line([
                    ("key", .string(key)), ("found", .no), ("slot", Self.number(answer.slot)), ("value", .null),
                ])
            }
            throw Failure(.failed, json ? "" : "no such key: \(key)")
        case .other(let type):
            throw Failure(.failed, "\(key) is a \(type), which is not read here; see it with the engine's own client")
        case .text(let bytes):
            guard json else { return try Output.bytes(bytes) }
            guard let value = String(validating: bytes, as: UTF8.self) else {
                throw Failure(
                    .failed, "\(key) is no text in UTF-8, as JSON needs it; without --json its bytes are printed")
            }
            KeyOutput.line([
                ("key", .string(key)), ("found", .yes), ("value", .string(value)), ("slot", Self.number(answer.slot)),
                ("node", .string(answer.server.description)),
            ])
        }
    }

    /// The text is stored as it is.
    func put(_ key: String, _ text: String, isString: Bool, json: Bool) async throws {
        try Confirmation.get("write the key \(key)", of: entry, isSure: isSure)
        let answer = try await client.put(key, Array(text.utf8))
        write("put", key, answer, json: json)
    }

    func delete(_ key: String, json: Bool) async throws {
        try Confirmation.get("delete the key \(key)", of: entry, isSure: isSure)
        let (wasThere, answer) = try await client.delete(key)
        guard wasThere != false else { throw Failure(.failed, "no such key: \(key)") }
        write("deleted", key, answer, json: json)
    }

    private func write(_ outcome: String, _ key: String, _ answer: KeyAnswer, json: Bool) {
        guard json else {
            return Output.line("\(outcome) \(key) in slot \(answer.slot) at \(answer.server)")
        }
        KeyOutput.line([
            ("key", .string(key)), ("outcome", .string(outcome)), ("slot", Self.number(answer.slot)),
            ("node", .string(answer.server.description)),
        ])
    }

    private static func number(_ slot: HashSlot) -> JSONText { JSONText(slot.description) ?? .null }
}

extension JSONText {
    static var yes: JSONText { JSONText("true") ?? .null }
    static var no: JSONText { JSONText("false") ?? .null }
}
