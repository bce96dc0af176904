import ArgumentParser
import ClusterModel

struct ReshardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reshard", abstract: "Change the number of shards.", usage: "shardtop reshard <count> [<options>]",
        discussion: """
            Tells the phases on standard error as they end, with the coordinator's own counters.

              shardtop reshard 3 --dry-run      what would move, changing nothing
              shardtop reshard 3
              shardtop reshard 2 --force        of a cluster that lost its majority
              shardtop reshard 3 --no-wait      comes back once it runs
              shardtop reshard 4 --at valkey://10.0.0.7:6379 --rate 5000
            """)

    @Argument(help: "The new number of shards; each needs two live nodes.") var count: Int
    @Flag(
        help:
            "Go ahead where no majority of the members can be asked: they are gone for good. Whatever they decide ranks below."
    )
    var force = false
    @Flag(inversion: .prefixedNo, help: "Wait until the new layout is in force everywhere.") var wait = true
    @OptionGroup var change: ChangeOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        guard (1...100_000).contains(count) else { throw ValidationError("The number of shards is 1 to 100000.") }
    }

    func run() async throws {
        try await Failure.reported { [self] in
            if wait || change.dryRun {
                let goal = Goal.shardCount(count, isForced: force)
                return try await change.make(goal, of: cluster, done: "resharded to \(Words.plural(count, "shard"))")
            }
            guard try cluster.entry().isOfShardnodes else {
                throw Failure(
                    .usage, "--no-wait is for shardnodes; a Valkey or Redis cluster is resharded by this program")
            }
            try await cluster.withSource { try await start($0) }
        }
    }

    /// The nodes answer when all is done; going away before does not stop them. Those that tell nothing of it are
    /// waited for all the same, because nothing else says that they have begun.
    private func start(_ source: any ClusterSource) async throws {
        let before = await source.snapshot().change?.id
        let ended = Locked<Result<Void, any Error>?>(nil)
        let request = Task { [count, force] in
            do {
                try await source.perform(.shardCount(count, isForced: force))
                ended.withLock { $0 = .success(()) }
            } catch {
                ended.withLock { $0 = .failure(error) }
            }
        }
        defer { request.cancel() }
        while true {
            if let result = ended.withLock({ $0 }) {
                try result.get()
                return Output.line("resharded to \(Words.plural(count, "shard"))")
            }
            let snapshot = await source.snapshot()
            if let change = snapshot.change, change.id != before {
                return Output.line("reshard \(change.id) runs; shardtop status tells how far it is")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
