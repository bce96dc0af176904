import ArgumentParser
import ClusterModel

struct AddMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-member", abstract: "Add a node of the view to a shard.",
        discussion: """
              shardtop add-member 127.0.0.1:8087 0
              shardtop add-member 127.0.0.1:8087 0 --json
            """)

    @Argument(help: "The node's address.", transform: MemberID.address) var address: MemberID
    @Argument(
        help:
            "The shard's id as 'status' shows it. Valkey and Redis: without it the node becomes a primary of its own.",
        transform: ShardID.argument)
    var shard: ShardID?
    @OptionGroup var cluster: ClusterOptions
    @Flag(help: Confirmation.help) var yes = false
    @Flag(help: "Print an object with node and shard.") var json = false

    /// What is printed of a node that was added.
    struct Added: Encodable {
        var node: String
        var shard: ShardID?
    }

    func run() async throws {
        try await Failure.reported {
            let entry = try cluster.entry()
            try await cluster.withSource(operates: true) { source in
                if entry.isOfShardnodes, shard == nil {
                    throw Failure(.usage, "name the shard that \(address) is to be a member of")
                }
                let goal = Goal.addMember(address, shard: shard)
                try Confirmation.get(goal.words, of: entry, isSure: yes)
                try await source.perform(goal)
                if json { return try Output.json(Added(node: address.description, shard: shard)) }
                Output.line(
                    shard.map { "\(address) is a member of shard \($0)" } ?? "\(address) is a primary of the cluster")
            }
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
