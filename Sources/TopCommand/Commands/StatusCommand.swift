import ArgumentParser
import Dashboard

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show shards, members, key counts and health, once.",
        usage: "shardtop status [<address> ...] [<options>]",
        discussion: """
              shardtop status
              shardtop status 10.0.0.5:8081 --json
              shardtop status --check || echo "look at it"
            """)

    @OptionGroup var cluster: ClusterArguments
    @Flag(help: "Print all that is known as JSON.") var json = false
    @Flag(help: "End with 1 where the cluster is degraded, with 2 where keys cannot be served.") var check = false

    func run() async throws {
        try await Failure.reported {
            try await cluster.withSource { source in
                let snapshot = await source.snapshot()
                let verdict = Verdict(snapshot)
                let outage = await source.outage
                if json {
                    try Output.json(StatusReport(cluster: snapshot, verdict: verdict))
                } else if outage != nil {
                    StatusText.lines(unseen: snapshot, verdict).forEach(Output.line)
                } else {
                    (StatusText.lines(of: verdict) + StatusText.lines(snapshot)).forEach(Output.line)
                }
                if let outage { throw outage }
                guard check else { return }
                switch verdict.rank {
                case .ok, .changing: break
                // It is said above.
                case .degraded: throw Failure(.failed, "")
                case .down: throw Failure(.down, "")
                }
            }
        }
    }
}
