import ArgumentParser
import BasicNodes

/// Runs nodes that have nothing but the basic endpoints, to try the dashboard on by hand.
@main
struct BasicNodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "basic-nodes",
        abstract: "Run a cluster that has only the basic endpoints.",
        discussion: """
            For example:
              basic-nodes --nodes 4 --shards 2 --names long --slow-last 1500
              basic-nodes --names long --dialect ids-names-joined
              basic-nodes --one-at-a-time 20

            Dialects:
            \(Dialect.all.map { "  \($0)" }.joined(separator: "\n"))
            """)

    @Option(help: "How many nodes.") var nodes = 4
    @Option(help: "How many nodes more that are in no shard.") var joiners = 0
    @Option(help: "How many shards.") var shards = 2
    @Option(help: "The first port.") var port = 9_081
    @Option(help: "The family of names: long or short.") var names = BasicCluster.Names.short
    @Option(help: "What they write and want.", transform: dialect) var dialect = Habits()
    @Option(help: "Make the last node answer this late, in milliseconds.") var slowLast: Int64 = 0
    @Option(help: "Let each node do one request after the other, each in so many milliseconds.")
    var oneAtATime: Int64?
    @Option(help: "Let the first node die after this many seconds.") var dieAfter: Int64?
    @Option(help: "Let the first node say nothing to requests for this path.") var silentOn: String?

    func run() async throws {
        let cluster = BasicCluster(names: names, habits: dialect)
        var started: [BasicNode] = []
        for index in 0..<nodes + joiners {
            started.append(try await BasicNode.start(cluster, port: port + index, manner: manner(index)))
        }
        cluster.place(started.prefix(nodes).map(\.address), shardCount: shards)
        for joiner in started.dropFirst(nodes) { cluster.join(joiner.address) }
        print("\(names.rawValue) names at \(started.map(\.address).joined(separator: " "))")
        if let dieAfter, let first = started.first {
            try await Task.sleep(for: .seconds(dieAfter))
            await first.die()
            cluster.remove(first.address)
            print("\(first.address) died")
        }
        try await Task.sleep(for: .seconds(86_400))
    }

    private func manner(_ index: Int) -> BasicNode.Manner {
        if let silentOn, index == 0 { return .silentOn(path: silentOn) }
        if slowLast > 0, index == nodes - 1 { return .slow(milliseconds: slowLast) }
        return oneAtATime.map { .oneAtATime(milliseconds: $0, waitingMax: 16) } ?? .prompt
    }

    private static func dialect(_ name: String) throws -> Habits {
        guard let dialect = Dialect.all.first(where: { $0.description == name }) else {
            throw ValidationError("'\(name)' is no dialect; --help lists them.")
        }
        return dialect.habits
    }
}

extension BasicCluster.Names: ExpressibleByArgument {}
