import ArgumentParser
import ShardClient
import ShardCore

struct AddMemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-member", abstract: "Add a node of the view to a shard.",
        discussion: """
              shardtop add-member 127.0.0.1:8087 0
              shardtop add-member 127.0.0.1:8087 0 --json
            """)

    @Argument(help: "The node's address.", transform: NodeAddress.argument) var address: NodeAddress
    @Argument(help: "The shard's id.") var shard: Int
    @OptionGroup var cluster: ClusterOptions
    @Flag(help: "Print an object with node and shard.") var json = false

    /// What is printed of a node that was added.
    struct Added: Encodable {
        var node: String
        var shard: Int
    }

    func validate() throws {
        guard shard >= 0 else { throw ValidationError("A shard id is 0 or more.") }
    }

    func run() async throws {
        try await Failure.reported {
            try await cluster.withSource { source, _ in
                try await source.addMember(address, shard: shard)
                if json { return try Output.json(Added(node: address.description, shard: shard)) }
                Output.line("\(address) is a member of shard \(shard)")
            }
        }
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
