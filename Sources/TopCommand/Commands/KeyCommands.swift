import ArgumentParser
import ShardClient
import ShardCore

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Read a key and print its value as JSON.",
        usage: "shardtop get <key> [<options>]",
        discussion: """
            Ends with 1 where there is no such key.

              shardtop get greeting
              shardtop get greeting --context /tmp/me.context --json
              shardtop get greeting --at valkey://10.0.0.7:6379     its bytes, as they are
            """)

    @Argument(help: "The key; of shardnodes 1 to \(keyCharactersMax) characters.") var key: String
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var context: ContextOptions
    @Flag(help: "Print an object with value, node and causal-metadata.") var json = false

    func validate() throws { try KeyOutput.validate(key) }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withClient(servers: ServerKeys.get(key, json: json, context)) { client in
                let answer = try await client.get(key, context: context.load())
                try context.save(answer.context)
                if json {
                    KeyOutput.line([
                        ("key", .string(key)), ("found", JSONText(answer.value == nil ? "false" : "true") ?? .null),
                        ("value", answer.value ?? .null), ("node", .string(answer.node.description)),
                        ("causal-metadata", answer.context.json),
                    ])
                } else if let value = answer.value {
                    Output.line(value.description)
                }
                if answer.value == nil { throw Failure(.failed, json ? "" : "no such key: \(key)") }
            }
        }
    }
}

struct PutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Write a key.", usage: "shardtop put <key> <value> [<options>]",
        discussion: """
            A value that is JSON is sent as it is; anything else is sent as a string. Valkey and Redis store the text as \
            it is given.

              shardtop put greeting hello               the string hello
              shardtop put answer 42                    the number 42
              shardtop put answer 42 --string           the string 42
              shardtop put point '{"x":1,"y":2}'
            """)

    @Argument(help: "The key; of shardnodes 1 to \(keyCharactersMax) characters.") var key: String
    @Argument(help: "The value: JSON, or text.") var value: String
    @Flag(help: "Send the value as a string, even where it is JSON.") var string = false
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var context: ContextOptions
    @Flag(help: "Print an object with outcome, shard, node and causal-metadata.") var json = false
    @Flag(help: Confirmation.help) var yes = false

    /// What is sent for the value on the command line.
    var sentValue: JSONText { string ? .string(value) : JSONText(value) ?? .string(value) }

    func validate() throws { try KeyOutput.validate(key) }

    func run() async throws {
        try await Failure.reported {
            let servers = ServerKeys.put(key, value, string: string, json: json, isSure: yes, context)
            try await cluster.withClient(servers: servers) { client in
                let answer = try await client.put(key, value: sentValue, context: context.load())
                try context.save(answer.context)
                KeyOutput.write(answer, key: key, json: json)
            }
        }
    }
}

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a key.", usage: "shardtop delete <key> [<options>]",
        discussion: """
            Ends with 1 where there is no such key.

              shardtop delete greeting
            """)

    @Argument(help: "The key; of shardnodes 1 to \(keyCharactersMax) characters.") var key: String
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var context: ContextOptions
    @Flag(help: "Print an object with outcome, shard, node and causal-metadata.") var json = false
    @Flag(help: Confirmation.help) var yes = false

    func validate() throws { try KeyOutput.validate(key) }

    func run() async throws {
        try await Failure.reported {
            let servers = ServerKeys.delete(key, json: json, isSure: yes, context)
            try await cluster.withClient(servers: servers) { client in
                let answer = try await client.delete(key, context: context.load())
                try context.save(answer.context)
                if answer.outcome != .noSuchKey || json { KeyOutput.write(answer, key: key, json: json) }
                if answer.outcome == .noSuchKey { throw Failure(.failed, json ? "" : "no such key: \(key)") }
            }
        }
    }
}

/// Prints answers about keys; values and contexts to the byte, so without a JSON coder.
enum KeyOutput {
    /// An empty key would be another path; what else is no key, the node says.
    static func validate(_ key: String) throws {
        guard !key.isEmpty else { throw ValidationError("The key is empty.") }
    }

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
