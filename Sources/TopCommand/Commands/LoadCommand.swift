import ArgumentParser

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Put many keys, round-robin through all nodes.",
        usage: "shardtop load <count> [<options>]",
        discussion: """
            Without further words the nodes are those that the ones asked know of. It begins with one put at a time, \
            and has more under way as long as answers come quickly. How far it is goes to standard error.

              shardtop load 10000
              shardtop load 100000 --prefix user: --concurrency 128
              shardtop load 10000 --at valkey://10.0.0.7:6379 --ttl 600
            """)

    @Argument(help: "How many keys.") var count: Int
    @Option(help: "What the keys begin with; a number follows. Default: key-, of Valkey and Redis shardtop:load:")
    var prefix: String?
    @Option(help: ArgumentHelp("Valkey and Redis: how long the keys live. Default: 3600.", valueName: "seconds"))
    var ttl: Int?
    @Flag(help: "Valkey and Redis: delete what a load of as many keys put.") var cleanUp = false
    @Flag(help: Confirmation.help) var yes = false
    @Option(help: "Puts under way at once, at most.") var concurrency = 64
    @Option(
        help: ArgumentHelp(
            "Give up where one put is not done within so long, or no node answers.", valueName: "seconds"))
    var deadline = 30
    @OptionGroup var cluster: ClusterOptions
    @Flag(help: "Print the figures as JSON.") var json = false

    func validate() throws {
        guard (1...10_000_000).contains(count) else { throw ValidationError("The count is 1 to 10000000.") }
        guard (1...1_000).contains(concurrency) else { throw ValidationError("The concurrency is 1 to 1000.") }
        guard (1...86_400).contains(deadline) else { throw ValidationError("The deadline is 1 to 86400 seconds.") }
        guard (1...31_536_000).contains(ttl ?? 1) else {
            throw ValidationError("The time to live is 1 to 31536000 seconds.")
        }
        guard (prefix ?? "").count + String(count).count <= KeyName.charactersMax else {
            throw ValidationError("Keys have at most \(KeyName.charactersMax) characters; the prefix is too long.")
        }
    }

    func run() async throws {
        try await Failure.reported {
            let wishes = LoadWishes(
                count: count, prefix: prefix, secondsToLive: ttl, cleansUp: cleanUp, isSure: yes,
                patienceMilliseconds: LoadRun.patienceMilliseconds(deadline))
            try await OpenedCluster.withLoadTarget(try cluster.entry(), try cluster.engine.login(), wishes, load)
        }
    }

    private func load(into target: LoadTarget) async throws {
        let load = LoadRun(
            store: target.store, count: count, prefix: target.prefix, concurrency: concurrency,
            silenceSecondsMax: deadline)
        let line = ProgressLine()
        let result = await load.run { line.tell($0.words) }
        line.end()
        if json { try Output.json(result) } else { Output.line(Self.words(result, through: target.through)) }
        if let failure = Self.failure(result, of: count) { throw failure }
    }

    /// The failure that the command ends with if not all keys were put; nil if they were.
    static func failure(_ result: LoadRun.Result, of count: Int) -> Failure? {
        guard let problem = result.problem else { return nil }
        let rest = "\(Words.count(count - result.keys)) of \(Words.count(count)) keys were not put"
        let status = result.status ?? .failed
        if result.isGivenUp == true { return Failure(status, "given up, \(rest): \(problem)") }
        return Failure(status, "\(Words.plural(result.failed, "put")) failed, \(rest); the first: \(problem)")
    }

    static func words(_ result: LoadRun.Result, through whom: String) -> String {
        "\(Words.plural(result.keys, "key")) put through \(whom) in "
            + "\(Words.time(microseconds: result.microseconds)) (\(Words.count(result.keysPerSecond)) keys/s, "
            + "p50 \(Words.time(microseconds: result.latencyMicrosecondsP50)), "
            + "p99 \(Words.time(microseconds: result.latencyMicrosecondsP99)))"
    }
}
