import ArgumentParser

@main
struct ShardBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shardbench",
        abstract: "Measure the real programs beside a bare NIO HTTP server and redis, in one run.",
        discussion: """
            Build for release first; the programs are looked for beside this one. Times are compared as ratios of \
            medians over alternating rounds, so that a busy machine slows both sides.

              swift build -c release && .build/release/shardbench
            """,
        subcommands: [
            AllCommand.self, RequestsCommand.self, ReshardCommand.self, MemoryCommand.self, DurabilityCommand.self,
            SeedCommand.self, GrowthCommand.self, EnginesCommand.self, DashboardCommand.self, ServersCommand.self,
            BareServerCommand.self,
            EngineClientsCommand.self,
        ],
        defaultSubcommand: AllCommand.self)
}
