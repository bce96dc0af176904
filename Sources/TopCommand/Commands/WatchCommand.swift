import ArgumentParser
import Dashboard

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Open the dashboard on a running cluster.",
        discussion: """
            One address is enough: the other nodes are found in what it tells. Nodes of other implementations that \
            have only the basic endpoints are shown as far as those tell.

              shardtop watch
              shardtop watch 10.0.0.5:8081 10.0.0.6:8081
              shardtop watch valkey://10.0.0.7:6379
              shardtop watch rediss://ann@10.0.0.7:6379 --password-file secret --operate
              shardtop watch 10.0.0.5:8081 --record monday.rec
              shardtop watch --read-only
              shardtop watch --plain | tee changes.txt
            """)

    @OptionGroup var cluster: ClusterArguments
    @OptionGroup var look: LookOptions
    @OptionGroup var polling: PollOptions
    @OptionGroup var recording: RecordOptions
    @OptionGroup var alerts: AlertOptions
    @OptionGroup var scripting: ScriptOptions
    @Flag(
        inversion: .prefixedNo,
        help: "Only look: offer nothing that changes the cluster, or let it be changed.")
    var readOnly: Bool?
    @Flag(help: "Valkey and Redis: offer changes too; without it 'watch' only looks.") var operate = false
    @Flag(help: "Tell changes in plain lines, for screen readers and pipes; needs no terminal.") var plain = false

    func validate() throws {
        if operate, readOnly == true { throw ValidationError("--operate and --read-only exclude each other.") }
    }

    func run() async throws {
        try await Failure.reported {
            let plan = try scripting.plan()
            if plain, plan != nil { throw Failure(.usage, "--script works on the dashboard, not on plain lines") }
            if plain { try recording.refuse() } else if plan?.size == nil { try DashboardTerminal.prepare() }
            let entry = try cluster.entry()
            let config = try ConfigFile.load()
            var look = look.look(config)
            look.pollMilliseconds = polling.poll ?? look.pollMilliseconds
            let isReadOnly = isReadOnly(config, entry)
            let wishes = OpenedCluster.Wishes(operates: !isReadOnly, login: try cluster.engine.login())
            if plain { return try await watchPlainly(entry, wishes, look) }
            try await recording.with(name: entry.name) { recorder in
                try await OpenedCluster.with(entry, wishes) { source in
                    try await DashboardTerminal.open(
                        source, name: entry.name, look: look, isReadOnly: isReadOnly, recorder: recorder,
                        alerting: alerts.alerting(config), plan: plan)
                }
            }
        }
    }

    /// Whether the dashboard may only look, by the flag, else by the file. Clusters of other engines are no playground:
    /// they may be changed only if `--operate` says so.
    func isReadOnly(_ config: Config, _ entry: ClusterEntry) -> Bool {
        if operate { return false }
        if !entry.isOfShardnodes { return true }
        return readOnly ?? config.isReadOnly ?? false
    }

    /// Prints one line whenever something changes, until a signal comes.
    private func watchPlainly(
        _ entry: ClusterEntry, _ wishes: OpenedCluster.Wishes, _ look: DashboardLook
    ) async throws {
        do {
            try await Interrupted.heeded {
                try await OpenedCluster.with(entry, wishes) { source in
                    _ = await source.snapshot()
                    // A script with a wrong address is told so. Nodes that were there once are waited for.
                    if let outage = await source.outage { throw outage }
                    try await PlainWatch.run(source, pollMilliseconds: look.pollMilliseconds)
                }
            }
        } catch let interrupted as Interrupted {
            throw ExitCode(interrupted.exitStatus)
        }
    }
}
