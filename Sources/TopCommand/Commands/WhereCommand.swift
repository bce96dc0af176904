import ArgumentParser
import ShardClient
import ShardCore

struct WhereCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where", abstract: "Show where a key lives: its hash, shard, members, and what each holds.",
        discussion: """
              shardtop where greeting
            """)

    @Argument(help: "The key.") var key: String
    @OptionGroup var cluster: ClusterOptions
    @Flag(help: "Print the location as JSON.") var json = false

    func validate() throws { try KeyOutput.validate(key) }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withSource { source, _ in
                let location = try await source.locate(key: key)
                if json { return try Output.json(location) }
                Output.line(
                    "\(location.key) lives in shard \(location.shard) (epoch \(EpochNumber.words(location.epoch)))")
                Output.line("  MD5(\"\(location.seed):\(location.key)\") = \(location.hash)")
                for member in location.members {
                    Output.line("  \(member.address)  \(Self.words(member))")
                }
            }
        }
    }

    static func words(_ holder: KeyLocation.Holder) -> String {
        guard holder.health == .up else { return holder.health.rawValue }
        guard holder.answered else { return "did not answer" }
        guard let version = holder.version else { return "holds nothing under it" }
        let what = version.isTombstone ? "deleted" : "holds"
        return "\(what) write \(version.counter) of \(version.node) in epoch \(EpochNumber.words(version.epoch))"
    }
}
