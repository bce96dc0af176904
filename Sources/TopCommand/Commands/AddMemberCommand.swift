import ArgumentParser
import ClusterModel

struct AddMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-member", abstract: "Add a node to a shard.",
        usage: "shardtop add-member <address> [<shard>] [<options>]",
        discussion: """
              shardtop add-member 127.0.0.1:8087 0
              shardtop add-member 127.0.0.1:8087 0 --json
              shardtop add-member 10.0.0.9:6379 45bc --at valkey://10.0.0.7:6379 --dry-run
            """)

    @Argument(help: "The node's address.", transform: MemberID.address) var address: MemberID
    @Argument(
        help:
            "The shard's id as 'status' shows it. Valkey and Redis: without it the node becomes a primary of its own.",
        transform: ShardID.argument)
    var shard: ShardID?
    @OptionGroup var change: ChangeOptions
    @OptionGroup var cluster: ClusterOptions

    /// The output of `--json` for a node that was added.
    struct Added: Encodable {
        var node: String
        var shard: ShardID?
    }

    func run() async throws {
        try await Failure.reported { [self] in
            if try cluster.entry().isOfShardnodes, shard == nil {
                throw Failure(.usage, "name the shard that \(address) is to be a member of")
            }
            try await change.make(
                .addMember(address, shard: shard), of: cluster,
                done: shard.map { "\(address) is a member of shard \($0)" } ?? "\(address) is a primary of the cluster",
                result: Added(node: address.description, shard: shard))
        }
    }
}

extension ShardID {
    static func argument(_ text: String) throws -> ShardID {
        guard let id = ShardID(text: text, isNumber: Int(text) != nil) else {
            throw ValidationError("A shard's id has 1 to \(bytesMax) bytes.")
        }
        return id
    }
}

extension MemberID {
    static func address(_ text: String) throws -> MemberID {
        let id = MemberID(text)
        guard id.isAddress else { throw ValidationError("'\(text)' is not an address of the form host:port.") }
        return id
    }
}
