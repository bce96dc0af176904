import ArgumentParser
import ClusterModel

struct WhereCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where", abstract: "Show where a key lives: its hash, shard, members, and what each holds.",
        usage: "shardtop where <key> [<options>]",
        discussion: """
              shardtop where greeting
            """)

    @Argument(help: "The key.") var key: String
    @OptionGroup var cluster: ClusterOptions
    @Flag(help: "Print the location as JSON.") var json = false

    func validate() throws { try KeyName.validate(key) }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withSource { source in
                let location = try await source.locate(key: key)
                if json { return try Output.json(location) }
                Output.line("\(location.key) lives in shard \(location.shard)")
                for fact in location.facts { Output.line("  \(fact.name) \(fact.value)") }
                for holder in location.holders {
                    Output.line("  \(holder.member)  \(Self.words(holder))")
                }
            }
        }
    }

    static func words(_ holder: KeyPlace.Holder) -> String {
        switch holder.holding {
        case .value: holder.words.isEmpty ? "holds it" : "holds \(holder.words)"
        case .deleted: "deleted by \(holder.words)"
        case .nothing, .unknown: holder.words
        }
    }
}
