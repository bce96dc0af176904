import ArgumentParser
import Dashboard
import LocalNodes
import ShardClient
import ShardCore

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Start a local cluster, load it, and open the dashboard on it.",
        discussion: """
            The nodes are real shardnode processes on 127.0.0.1. They end with the demo, however it ends. Without \
            a terminal the same story is told in plain lines, with a reshard and a check of every key at its end.

              shardtop demo
              shardtop demo --nodes 9 --shards 3 --keys 100000
              shardtop demo --record reshard.rec
              shardtop demo --rate 0 | cat
              shardtop demo --script show.script --size 120x35

            \(ScriptOptions.help)
            """)

    @Option(help: "How many nodes.") var nodes = 6
    @Option(help: "How many shards to begin with.") var shards = 2
    @Option(help: "How many keys to load.") var keys = 10_000
    @Option(help: "Without a terminal: the number of shards to reshard to. Default: one more, or one less.")
    var reshardTo: Int?
    @Option(
        help: ArgumentHelp(
            "Hold reshards to so many keys a second, so that people can follow. 0 lifts it; default: a quarter of the keys.",
            valueName: "keys-per-second"))
    var rate: Int?
    @Option(help: "The first port; those in use are stepped over.") var port = 8_081
    @Flag(
        help: "Let the nodes keep nothing on the disk; else their data is in a temporary folder while the demo lasts.")
    var inMemory = false
    @OptionGroup var look: LookOptions
    @OptionGroup var polling: PollOptions
    @OptionGroup var recording: RecordOptions
    @OptionGroup var scripting: ScriptOptions
    @Flag(help: "Tell the story in plain lines, even on a terminal.") var plain = false

    func validate() throws {
        guard (2...64).contains(nodes) else { throw ValidationError("A demo has 2 to 64 nodes.") }
        guard shards >= 1, nodes / shards >= 2 else {
            throw ValidationError("\(nodes) nodes are too few for \(shards) shards: each needs two.")
        }
        guard (0...10_000_000).contains(keys) else { throw ValidationError("The number of keys is 0 to 10000000.") }
        if let reshardTo, reshardTo < 1 || nodes / reshardTo < 2 {
            throw ValidationError("\(nodes) nodes are too few to reshard to \(reshardTo): each shard needs two.")
        }
        guard (1...65_535).contains(port) else { throw ValidationError("A port is 1 to 65535.") }
        if let rate, rate < 0 { throw ValidationError("The rate is 0 or more.") }
    }

    /// What the story without a terminal reshards to: one shard more where there are nodes for it.
    var storyShardCount: Int { reshardTo ?? (nodes / (shards + 1) >= 2 ? shards + 1 : max(1, shards - 1)) }

    /// The limit that the nodes get; nil for none.
    var reshardRate: Int? {
        let rate = rate ?? max(1, keys / 4)
        return rate == 0 || keys == 0 ? nil : rate
    }

    func run() async throws {
        try await Failure.reported {
            let plan = try scripting.plan()
            let isPlain = plain || !DashboardTerminal.isTerminal && plan == nil
            if isPlain { try recording.refuse() } else if plan?.size == nil { try DashboardTerminal.prepare() }
            var look = look.look(try ConfigFile.load())
            look.pollMilliseconds = polling.poll ?? look.pollMilliseconds
            let budget = FileBudget(nodes: nodes)
            try budget.check()
            let setup = LocalCluster.Setup(
                program: try NodeProgram.find(), claims: [], shardCount: shards, reshardRate: reshardRate,
                isInMemory: inMemory)
            do {
                try await Interrupted.heeded { [look] in
                    try await recording.with(name: "demo") { recorder in
                        try await onFreePorts { claims in
                            var setup = setup
                            setup.claims = claims
                            try await show(setup, isPlain: isPlain, look, recorder, plan)
                        }
                    }
                }
            } catch let interrupted as Interrupted {
                throw ExitCode(interrupted.exitStatus)
            }
        }
    }

    /// Runs `body` with ports for the nodes, and with others where another program takes one of them meanwhile.
    private func onFreePorts(_ body: ([PortClaim]) async throws -> Void) async throws {
        for _ in 0..<LocalCluster.portTriesMax {
            do {
                return try await body(DemoPorts.claim(nodes, from: port))
            } catch let taken as PortTaken {
                Output.error("port \(taken.port) was taken by another program meanwhile; starting anew on other ports")
            }
        }
        throw Failure(.unavailable, "other programs take every port that nodes are started on; try another --port")
    }

    private func show(
        _ setup: LocalCluster.Setup, isPlain: Bool, _ look: DashboardLook, _ recorder: Recorder?,
        _ plan: ScriptOptions.Plan?
    ) async throws {
        let connections = FileBudget(nodes: nodes).connectionsPerNode
        try await LocalCluster.with(setup) { cluster in
            try await NodeTransport.with(connectionsPerNodeMax: min(16, connections)) { transport in
                let source = PollingSource(seeds: cluster.addresses, transport: transport)
                let story = DemoStory(
                    cluster: cluster, source: source, transport: transport, keys: keys,
                    reshardTo: isPlain ? storyShardCount : nil)
                Output.line(
                    "\(Words.plural(nodes, "node")) on ports \(setup.ports.first ?? 0) to \(setup.ports.last ?? 0), "
                        + "\(Words.plural(shards, "shard"))")
                if isPlain {
                    try await story.awaitServing()
                    return try await story.tell()
                }
                try await NodeTransport.with(connectionsPerNodeMax: connections) { clients in
                    let dashboardSource = PollingSource(seeds: cluster.addresses, transport: transport)
                    let controls = LocalControls(
                        cluster: cluster, source: dashboardSource, transport: transport, clients: clients, keys: keys)
                    try await showDashboard(dashboardSource, controls, story, look, recorder, plan)
                }
            }
        }
    }

    /// The dashboard is there at once. It ends where the nodes do not start; what prepares them ends with it.
    private func showDashboard(
        _ source: PollingSource, _ controls: LocalControls, _ story: DemoStory, _ look: DashboardLook,
        _ recorder: Recorder?, _ plan: ScriptOptions.Plan?
    ) async throws {
        defer { controls.traffic.stop() }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await story.prepare(controls)
                return false
            }
            group.addTask {
                try await DashboardTerminal.open(
                    ShardnodeSource(source), name: "demo", look: look, controls: controls, recorder: recorder,
                    plan: plan)
                return true
            }
            defer { group.cancelAll() }
            while let isDashboard = try await group.next(), !isDashboard {}
        }
    }
}
