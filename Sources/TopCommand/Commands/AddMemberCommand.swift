import ArgumentParser
import ClusterModel
import ShardClient
import ShardCore
import ShardWire

struct AddMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-member", abstract: "Add a node of the view to a shard.",
        discussion: """
              shardtop add-member 127.0.0.1:8087 0
              shardtop add-member 127.0.0.1:8087 0 --json
            """)

    @Argument(help: "The node's address.", transform: NodeAddress.argument) var address: NodeAddress
    @Argument(help: "The shard's id, a number or a text, as 'status' shows it.", transform: ShardID.argument) var shard:
        ShardID
    @OptionGroup var cluster: ClusterOptions
    @Flag(help: "Print an object with node and shard.") var json = false

    /// What is printed of a node that was added.
    struct Added: Encodable {
        var node: String
        var shard: ShardID
    }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withSource { source in
                try await source.perform(.addMember(MemberID(address), shard: shard))
                if json { return try Output.json(Added(node: address.description, shard: shard)) }
                Output.line("\(address) is a member of shard \(shard)")
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

extension NodeAddress {
    static func argument(_ text: String) throws -> NodeAddress {
        guard let address = NodeAddress(text) else {
            throw ValidationError("'\(text)' is not an address of the form host:port.")
        }
        return address
    }
}
