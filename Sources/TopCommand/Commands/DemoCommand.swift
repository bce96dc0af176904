import ArgumentParser
import Dashboard

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Start a local cluster, load it, and open the dashboard on it.",
        discussion: """
            The nodes are real shardnode processes on 127.0.0.1, or servers of Valkey or Redis that are installed \
            here. They end with the demo, however it ends. Without a terminal the same story is told in plain lines, \
            with a reshard and a check of every key at its end.

              shardtop demo
              shardtop demo --nodes 9 --shards 3 --keys 100000
              shardtop demo --engine valkey
              shardtop demo --record reshard.rec
              shardtop demo --secure
              shardtop demo --rate 0 | cat
              shardtop demo --script show.script --size 120x35

            \(ScriptOptions.help)
            """)

    @Option(
        help: ArgumentHelp(
            "Run a cluster of this engine's servers, with replicas and spares, instead of our own nodes: valkey or redis.",
            valueName: "engine"))
    var engine: DemoEngine?
    @Option(help: "How many nodes. Default: 6, of another engine 8.") var nodes: Int?
    @Option(help: "How many shards to begin with. Default: 2, of another engine 3.") var shards: Int?
    @Option(help: "How many keys to load.") var keys = 10_000
    @Option(help: "Without a terminal: the number of shards to reshard to. Default: one more, or one less.")
    var reshardTo: Int?
    @Option(
        help: ArgumentHelp(
            "Hold reshards to so many keys a second, so that people can follow. 0 lifts it; default: a quarter of the keys, of another engine a twentieth.",
            valueName: "keys-per-second"))
    var rate: Int?
    @Option(help: "The first port; those in use are stepped over. Default: 8081, of another engine 7001.")
    var port: Int?
    @Flag(
        help: "Let the nodes keep nothing on the disk; else their data is in a temporary folder while the demo lasts.")
    var inMemory = false
    @Flag(help: "Close the cluster: TLS, with certificates of the nodes among themselves too, and tokens.")
    var secure = false
    @OptionGroup var look: LookOptions
    @OptionGroup var polling: PollOptions
    @OptionGroup var recording: RecordOptions
    @OptionGroup var alerts: AlertOptions
    @OptionGroup var scripting: ScriptOptions
    @Flag(help: "Tell the story in plain lines, even on a terminal.") var plain = false

    func validate() throws {
        guard (0...10_000_000).contains(keys) else { throw ValidationError("The number of keys is 0 to 10000000.") }
        let size = size
        if let problem = size.problem ?? reshardTo.flatMap(size.problem(reshardTo:)) { throw ValidationError(problem) }
        guard (1...65_535).contains(size.firstPort) else { throw ValidationError("A port is 1 to 65535.") }
        if let rate, rate < 0 { throw ValidationError("The rate is 0 or more.") }
    }

    /// The number of shards that the story without a terminal reshards to.
    var storyShardCount: Int { reshardTo ?? size.nextShards }

    /// The limit that the nodes get; nil for none.
    var keysPerSecondMax: Int? {
        // Most keys of our own nodes change shard, and are read before; of servers' keys only those in slots that move.
        let rate = rate ?? max(1, keys / (engine == nil ? 4 : 20))
        return rate == 0 || keys == 0 ? nil : rate
    }

    var size: DemoSize {
        var size = DemoSize(engine: engine, nodes: nodes, shards: shards, firstPort: port)
        size.keys = keys
        size.keysPerSecondMax = keysPerSecondMax
        size.isInMemory = inMemory
        size.isSecure = secure
        return size
    }

    func run() async throws {
        try await Failure.reported {
            let plan = try scripting.plan()
            let isPlain = plain || !DashboardTerminal.isTerminal && plan == nil
            if isPlain { try recording.refuse() } else if plan?.size == nil { try DashboardTerminal.prepare() }
            let config = try ConfigFile.load()
            var look = look.look(config)
            look.pollMilliseconds = polling.poll ?? look.pollMilliseconds
            let story = DemoStory.Reshard(from: size.shards, to: storyShardCount, keysPerSecondMax: keysPerSecondMax)
            do {
                try await Interrupted.heeded { [look] in
                    try await recording.with(name: "demo") { recorder in
                        let show = DemoShow(
                            story: isPlain ? story : nil, look: look, recorder: recorder,
                            alerting: alerts.alerting(config), plan: plan)
                        switch size.engine {
                        case let engine?: try await ServerDemo.run(engine, size, show)
                        case nil: try await NodeDemo.run(size, show)
                        }
                    }
                }
            } catch let interrupted as Interrupted {
                throw ExitCode(interrupted.exitStatus)
            }
        }
    }
}
