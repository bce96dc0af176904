import ClusterModel
import PaperCluster
import ShardClient
import Testing

@testable import TopCommand

/// What every command that changes a cluster would do is told without a terminal, and not done.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DryRunTests {
    /// What asks a server and changes nothing.
    private static let questions: Set<String> = [
        "CLUSTER NODES", "CLUSTER MYID", "CLUSTER INFO", "CLUSTER SHARDS", "CLUSTER SLOT-STATS",
        "CLUSTER COUNTKEYSINSLOT",
        "CLUSTER GETSLOTMIGRATIONS", "CONFIG GET", "COMMAND INFO", "COMMAND DOCS", "ACL WHOAMI", "ACL DRYRUN", "INFO",
        "DBSIZE", "HELLO", "PING", "AUTH", "CLIENT SETINFO", "CLIENT SETNAME", "READONLY",
    ]

    /// What is refused, whoever asks, and tells by its refusal whether the user may do such a thing; and a question that
    /// begins like what is none. The end of jobs would be no such thing: it would end those of another operator.
    private static let trials: Set<String> = [
        "CLUSTER MIGRATION STATUS ALL",
        "CLUSTER MIGRATESLOTS SLOTSRANGE 0 0 NODE X", "CLUSTER MIGRATION IMPORT -1 -1",
    ]

    private func words(_ call: PaperCall) -> String {
        let words = call.words.map { $0.uppercased() }
        return Self.questions.contains(words[0]) ? words[0] : words.prefix(2).joined(separator: " ")
    }

    @Test func `every change of a Valkey cluster is only told with --dry-run`() async throws {
        try await PaperCluster.with(primaries: 2, replicasEach: 2, spares: 1) { paper in
            let entry = "valkey://\(paper.address(0))"
            let (replica, spare) = ("\(paper.address(2))", "\(paper.address(6))")
            let new = "\(paper.address(try await paper.startAnother()))"
            let first = String(paper.id(0).prefix(6))
            let nodes = paper.change { $0.nodes.map { "\($0.slots) \($0.primary ?? -1)" } }
            paper.change { $0.record = [] }
            for command in [
                ["reshard", "3"], ["rebalance"], ["rebalance", "--by", "keys"], ["move", "0-99", first],
                ["add-member", new], ["add-member", new, first], ["add-member", spare, first],
                ["remove-member", spare], ["failover", replica], ["repair"],
            ] {
                #expect(await exitStatus(of: command + ["--dry-run", "--at", entry]) == 0, "\(command)")
                #expect(await exitStatus(of: command + ["--dry-run", "--json", "--at", entry]) == 0, "\(command)")
            }
            let calls = paper.change { $0.record ?? [] }.filter {
                !Self.trials.contains($0.words.joined(separator: " ").uppercased())
            }
            let asked = Set(calls.map(words))
            #expect(asked.isSubset(of: Self.questions), "\(asked.subtracting(Self.questions))")
            #expect(paper.change { $0.nodes.map { "\($0.slots) \($0.primary ?? -1)" } } == nodes)
        }
    }

    @Test func `a node that a shardnode's shard is to get, or that is to go, is told of`() throws {
        var cluster = Cluster(takenMilliseconds: 0)
        func member(_ name: MemberID, _ shard: ShardID?) -> Member {
            Member(id: name, shard: shard, condition: .init(.good, "up"))
        }
        cluster.shards = [Shard(id: 0, members: [member("a:1", 0)]), Shard(id: 1, members: [member("a:2", 1)])]
        cluster.others = [member("a:3", nil)]
        func steps(_ name: MemberID, _ shard: ShardID) throws -> [String] {
            try ShardnodeSource.plan(adding: name, to: shard, in: cluster).steps
        }
        #expect(try steps("a:3", 1) == ["a:3 becomes a member of shard 1"])
        #expect(try steps("a:2", 1).isEmpty)
        #expect(throws: ClientError.self) { try steps("a:2", 0) }
        #expect(throws: ClientError.self) { try steps("a:3", 7) }
        #expect(try ShardnodeSource.plan(removing: "a:3", from: cluster).steps == ["a:3 leaves the view"])
        cluster.others[0].absence = .perhapsWrites
        let warnings = try ShardnodeSource.plan(removing: "a:3", from: cluster).warnings
        #expect(warnings.first?.contains("may have writes that the others lack") == true)
        #expect(throws: ClientError.self) { try ShardnodeSource.plan(removing: "a:2", from: cluster) }
        #expect(throws: ClientError.self) { try ShardnodeSource.plan(removing: "a:4", from: cluster) }
    }
}
