import ArgumentParser
import Dashboard
import ShardClient
import ShardCore

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Open the dashboard on a running cluster.",
        discussion: """
            One address is enough: the other nodes are found in what it tells. Nodes of other implementations that \
            have only the basic endpoints are shown as far as those tell.

              shardtop watch
              shardtop watch 10.0.0.5:8081 10.0.0.6:8081
              shardtop watch 10.0.0.5:8081 --record monday.rec
              shardtop watch --read-only
              shardtop watch --plain | tee changes.txt
            """)

    @OptionGroup var cluster: ClusterArguments
    @OptionGroup var look: LookOptions
    @OptionGroup var polling: PollOptions
    @OptionGroup var recording: RecordOptions
    @OptionGroup var scripting: ScriptOptions
    @Flag(
        inversion: .prefixedNo,
        help: "Only look: offer nothing that changes the cluster, or let it be changed.")
    var readOnly: Bool?
    @Flag(help: "Tell changes in plain lines, for screen readers and pipes; needs no terminal.") var plain = false

    func run() async throws {
        try await Failure.reported {
            let plan = try scripting.plan()
            if plain, plan != nil { throw Failure(.usage, "--script works on the dashboard, not on plain lines") }
            if plain { try recording.refuse() } else if plan?.size == nil { try DashboardTerminal.prepare() }
            let seeds = try cluster.addresses()
            let config = try ConfigFile.load()
            var look = look.look(config)
            look.pollMilliseconds = polling.poll ?? look.pollMilliseconds
            if plain { return try await watchPlainly(seeds, look) }
            let name = seeds.map(\.description).joined(separator: ",")
            try await recording.with(name: name) { recorder in
                try await NodeTransport.with { transport in
                    try await DashboardTerminal.open(
                        ShardnodeSource(PollingSource(seeds: seeds, transport: transport)), name: name, look: look,
                        isReadOnly: isReadOnly(config), recorder: recorder, plan: plan)
                }
            }
        }
    }

    /// What the flag says, else the file.
    func isReadOnly(_ config: Config) -> Bool { readOnly ?? config.isReadOnly ?? false }

    /// One line whenever something changes, until a signal comes.
    private func watchPlainly(_ seeds: [NodeAddress], _ look: DashboardLook) async throws {
        do {
            try await Interrupted.heeded {
                try await NodeTransport.with { transport in
                    let source = ShardnodeSource(PollingSource(seeds: seeds, transport: transport))
                    _ = await source.snapshot()
                    // A script that has the wrong address is to hear so; who was there once is waited for.
                    if let outage = await source.outage { throw outage }
                    try await PlainWatch.run(source, pollMilliseconds: look.pollMilliseconds)
                }
            }
        } catch let interrupted as Interrupted {
            throw ExitCode(interrupted.exitStatus)
        }
    }
}
