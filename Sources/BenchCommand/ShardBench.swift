import ArgumentParser

@main
struct ShardBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shardbench",
        abstract: "Measure shardnode beside a bare NIO HTTP server, on the real programs, in one run.",
        discussion: """
            Build for release first; the programs are looked for beside this one. Times are compared as ratios of
            medians over alternating rounds, so that a busy machine slows both sides.
              swift build -c release && .build/release/shardbench
            """,
        subcommands: [CompareCommand.self, DashboardCommand.self, BareServerCommand.self],
        defaultSubcommand: CompareCommand.self)
}
