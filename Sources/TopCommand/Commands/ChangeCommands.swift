import ArgumentParser
import ClusterModel

struct RebalanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebalance", abstract: "Make the shards of a Valkey or Redis cluster even.",
        usage: "shardtop rebalance [<options>]",
        discussion: """
              shardtop rebalance --at valkey://10.0.0.7:6379 --dry-run
              shardtop rebalance --by keys --at valkey://10.0.0.7:6379
            """)

    @Option(help: "What is made even: slots, keys or memory.") var by = Goal.Measure.slots
    @OptionGroup var change: ChangeOptions
    @OptionGroup var cluster: ClusterOptions

    func run() async throws {
        try await Failure.reported { [self] in
            try await change.make(.rebalance(by: by), of: cluster, done: "rebalanced by \(by.rawValue)")
        }
    }
}

struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move slots of a Valkey or Redis cluster to a shard.",
        usage: "shardtop move <slots> <shard> [<options>]",
        discussion: """
              shardtop move 0-99 45bc --at valkey://10.0.0.7:6379
              shardtop move 0-16383 45bc --from e01a      those that e01a has
            """)

    @Argument(help: "One slot or a range, as 0-99.") var slots: String
    @Argument(help: "The shard that gets them, as 'status' shows it.", transform: ShardID.argument) var shard: ShardID
    @Option(help: "Only those that this shard has.", transform: ShardID.argument) var from: ShardID?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { _ = try range() }

    func range() throws -> ClosedRange<Int> {
        let ends = slots.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
            (0...16_383).contains(first), (0...16_383).contains(last)
        else { throw ValidationError("'\(slots)' is no slot of 0 to 16383 and no range of them, as 0-99.") }
        return first...last
    }

    func run() async throws {
        try await Failure.reported { [self] in
            try await change.make(
                .move(slots: try range(), from: from, to: shard), of: cluster,
                done: "slots \(slots) are in shard \(shard)")
        }
    }
}

struct RemoveMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-member", abstract: "Take a node that is in no shard, or has no slots, out of a cluster.",
        usage: "shardtop remove-member <node> [<options>]",
        discussion: """
            A shardnode that is in no shard leaves the view, whether it is up or down. Where the nodes want tokens, this \
            takes one of the role operate. A Valkey or Redis node is taken out once it has no slots.

              shardtop remove-member 127.0.0.1:8087
              shardtop remove-member 10.0.0.9:6379 --at valkey://10.0.0.7:6379
            """)

    @Argument(help: "The node's address.") var node: String
    @OptionGroup var change: ChangeOptions
    @OptionGroup var cluster: ClusterOptions

    /// The output of `--json` for a node that was taken out, where no change of the cluster tells of it.
    struct Removed: Encodable {
        var node: String
    }

    func run() async throws {
        try await Failure.reported { [self] in
            try await change.make(
                .removeMember(MemberID(node)), of: cluster, done: "\(node) is out of the cluster",
                result: try cluster.entry().isOfShardnodes ? Removed(node: node) : nil)
        }
    }
}

struct FailoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failover", abstract: "Make a replica the primary of its shard.",
        usage: "shardtop failover <node> [<options>]",
        discussion: """
              shardtop failover 10.0.0.8:6379 --at valkey://10.0.0.7:6379
            """)

    @Argument(help: "The replica's address.") var node: String
    @Option(
        help:
            "graceful: the primary hands over. force: it is not waited for; what the replica lacks is lost. takeover: nobody is asked."
    )
    var way = Goal.Failover.graceful
    @OptionGroup var change: ChangeOptions
    @OptionGroup var cluster: ClusterOptions

    func run() async throws {
        try await Failure.reported { [self] in
            try await change.make(.failover(MemberID(node), way), of: cluster, done: "\(node) is the primary")
        }
    }
}

struct RepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Close what a broken migration left open in a Valkey or Redis cluster.",
        usage: "shardtop repair [<options>]",
        discussion: """
              shardtop repair --at valkey://10.0.0.7:6379 --dry-run
              shardtop repair --put-back --at valkey://10.0.0.7:6379
            """)

    @Flag(help: "Give every open slot back to who had it, rather than finish its move.") var putBack = false
    @OptionGroup var change: ChangeOptions
    @OptionGroup var cluster: ClusterOptions

    func run() async throws {
        try await Failure.reported { [self] in
            try await change.make(
                .repair(putBack ? .putBack : .finish), of: cluster, done: "no slot is open")
        }
    }
}

extension Goal.Measure: ExpressibleByArgument {}
extension Goal.Failover: ExpressibleByArgument {}
