import ArgumentParser
import BasicNodes

/// Runs nodes that have nothing but the basic endpoints, to try the dashboard on by hand.
@main
struct BasicNodesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "basic-nodes",
        abstract: "Run a cluster that has only the basic endpoints.",
        discussion: "For example: basic-nodes --nodes 4 --shards 2 --names long --slow-last 1500")

    @Option(help: "How many nodes.") var nodes = 4
    @Option(help: "How many shards.") var shards = 2
    @Option(help: "The first port.") var port = 9_081
    @Option(help: "The family of names: long or short.") var names = BasicCluster.Names.short
    @Option(help: "Make the last node answer this late, in milliseconds.") var slowLast: Int64 = 0
    @Option(help: "Let the first node die after this many seconds.") var dieAfter: Int64?

    func run() async throws {
        let cluster = BasicCluster(names: names)
        var started: [BasicNode] = []
        for index in 0..<nodes {
            let isSlow = slowLast > 0 && index == nodes - 1
            started.append(
                try await BasicNode.start(
                    cluster, port: port + index, manner: isSlow ? .slow(milliseconds: slowLast) : .prompt))
        }
        cluster.place(started.map(\.address), shardCount: shards)
        print("\(names.rawValue) names at \(started.map(\.address).joined(separator: " "))")
        if let dieAfter, let first = started.first {
            try await Task.sleep(for: .seconds(dieAfter))
            await first.die()
            cluster.remove(first.address)
            print("\(first.address) died")
        }
        try await Task.sleep(for: .seconds(86_400))
    }
}

extension BasicCluster.Names: ExpressibleByArgument {}
