import ArgumentParser
import ShardClient
import ShardCore

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Open the dashboard on a running cluster.",
        discussion: """
            One address is enough: the other nodes are found in what it tells. Nodes of other implementations that
            have only the basic endpoints are shown as far as those tell.
              shardtop watch
              shardtop watch 10.0.0.5:8081 10.0.0.6:8081
            """)

    @Argument(
        help: "Nodes of the cluster. Default: $\(ClusterOptions.variable), else \(ClusterOptions.fallback).",
        transform: NodeAddress.argument)
    var addresses: [NodeAddress] = []
    @Flag(help: "Draw with ASCII characters only.") var ascii = false

    func run() async throws {
        try await Failure.reported {
            try DashboardTerminal.check()
            let seeds = addresses.isEmpty ? try ClusterOptions.parse(ClusterOptions.named()) : addresses
            try await NodeTransport.with { transport in
                try await DashboardTerminal.open(
                    PollingSource(seeds: seeds, transport: transport),
                    name: seeds.map(\.description).joined(separator: ","), isASCII: ascii)
            }
        }
    }
}
