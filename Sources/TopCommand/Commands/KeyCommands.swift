import ArgumentParser

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

    @Argument(help: "The key; of shardnodes 1 to \(KeyName.charactersMax) characters.") var key: String
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var context: ContextOptions
    @Flag(help: "Print an object with value, node and causal-metadata.") var json = false

    func validate() throws { try KeyName.validate(key) }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withKeys(context) { try await $0.get(key, json: json) }
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

    @Argument(help: "The key; of shardnodes 1 to \(KeyName.charactersMax) characters.") var key: String
    @Argument(help: "The value: JSON, or text.") var value: String
    @Flag(help: "Send the value as a string, even where it is JSON.") var string = false
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var context: ContextOptions
    @Flag(help: "Print an object with outcome, shard, node and causal-metadata.") var json = false
    @Flag(help: Confirmation.help) var yes = false

    func validate() throws { try KeyName.validate(key) }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withKeys(context, isSure: yes) {
                try await $0.put(key, value, isString: string, json: json)
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

    @Argument(help: "The key; of shardnodes 1 to \(KeyName.charactersMax) characters.") var key: String
    @OptionGroup var cluster: ClusterOptions
    @OptionGroup var context: ContextOptions
    @Flag(help: "Print an object with outcome, shard, node and causal-metadata.") var json = false
    @Flag(help: Confirmation.help) var yes = false

    func validate() throws { try KeyName.validate(key) }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withKeys(context, isSure: yes) { try await $0.delete(key, json: json) }
        }
    }
}
