import ArgumentParser

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show shards, members, key counts and health, once.",
        usage: "shardtop status [<address> ...] [<options>]",
        discussion: """
              shardtop status
              shardtop status 10.0.0.5:8081 --json
            """)

    @OptionGroup var cluster: ClusterArguments
    @Flag(help: "Print all that is known as JSON.") var json = false

    func run() async throws {
        try await Failure.reported {
            try await cluster.withSource { source in
                let snapshot = await source.snapshot()
                if json { try Output.json(snapshot) } else { StatusText.lines(snapshot).forEach(Output.line) }
                if let outage = await source.outage { throw outage }
            }
        }
    }
}
