import ShardClient
import ShardCore

/// The actions of 'get', 'put' and 'delete' on a cluster of shardnodes.
struct NodeKeys: KeyActions {
    let client: ClusterClient
    let context: ContextOptions

    /// The value to send for the text on the command line.
    static func sent(_ text: String, isString: Bool) -> JSONText {
        isString ? .string(text) : JSONText(text) ?? .string(text)
    }

    func get(_ key: String, json: Bool) async throws {
        let answer = try await client.get(key, context: context.load())
        try context.save(answer.context)
        if json {
            KeyOutput.line([
                ("key", .string(key)), ("found", answer.value == nil ? .no : .yes), ("value", answer.value ?? .null),
                ("node", .string(answer.node.description)), ("causal-metadata", answer.context.json),
            ])
        } else if let value = answer.value {
            Output.line(value.description)
        }
        if answer.value == nil { throw Failure(.failed, json ? "" : "no such key: \(key)") }
    }

    func put(_ key: String, _ text: String, isString: Bool, json: Bool) async throws {
        let value = Self.sent(text, isString: isString)
        let answer = try await client.put(key, value: value, context: context.load())
        try context.save(answer.context)
        KeyOutput.write(answer, key: key, json: json)
    }

    func delete(_ key: String, json: Bool) async throws {
        let answer = try await client.delete(key, context: context.load())
        try context.save(answer.context)
        if answer.outcome != .noSuchKey || json { KeyOutput.write(answer, key: key, json: json) }
        if answer.outcome == .noSuchKey { throw Failure(.failed, json ? "" : "no such key: \(key)") }
    }
}
