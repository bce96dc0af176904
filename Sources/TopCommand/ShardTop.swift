import ArgumentParser
import Foundation
import HostSystem

@main
struct ShardTop: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "shardtop",
        abstract: "Watch, use and reshard sharded key-value stores: its own shardnodes, Valkey and Redis clusters.",
        discussion: """
            Start here:
              shardtop demo                   a local cluster, and the dashboard on it
              shardtop watch 10.0.0.5:8081    the dashboard on a running cluster
              shardtop reshard 3 --dry-run    what resharding to three would do
              shardtop put greeting hello     writes a key through any node
              shardtop watch valkey://HOST    the dashboard on a Valkey or Redis cluster

            Exit status:
            \(ExitStatus.help)
            """,
        version: Self.version,
        subcommands: [
            DemoCommand.self, WatchCommand.self, ReplayCommand.self, StatusCommand.self, GetCommand.self,
            PutCommand.self,
            DeleteCommand.self, WhereCommand.self, ReshardCommand.self, RebalanceCommand.self, MoveCommand.self,
            AddMemberCommand.self, RemoveMemberCommand.self, FailoverCommand.self, RepairCommand.self,
            EventsCommand.self,
            LoadCommand.self, CertsCommand.self, TokensCommand.self, ConfigCommand.self, CompletionsCommand.self,
        ])

    static func main() async {
        // If the reader of the output is gone, the write says so, and the program can end in order.
        signal(SIGPIPE, SIG_IGN)
        CrashEnd.bound(program: "shardtop")
        await main(nil)
    }
}
