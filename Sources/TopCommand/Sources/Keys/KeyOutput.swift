import ShardClient
import ShardCore

/// Prints answers about keys; values and contexts to the byte, so without a JSON coder.
enum KeyOutput {
    static func write(_ answer: WriteAnswer, key: String, json: Bool) {
        guard json else {
            let place = answer.shard.map { " in shard \($0)" } ?? ""
            return Output.line("\(answer.outcome.words) \(key)\(place) through \(answer.node)")
        }
        line([
            ("key", .string(key)), ("outcome", .string(answer.outcome.rawValue)),
            ("shard", answer.shard.map(JSONText.init) ?? .null),
            ("node", .string(answer.node.description)), ("causal-metadata", answer.context.json),
        ])
    }

    static func line(_ members: [(String, JSONText)]) {
        Output.line("{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}")
    }
}
