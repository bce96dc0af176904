import ClusterModel
import LocalServers
import Testing

@testable import ValkeyClient

/// Nodes of real clusters that come, go and change their part.
@Suite(.serialized, .timeLimit(.minutes(3)), .enabled { await RealServers.areThere(.valkey, .redis) })
struct RealMemberTests {
    @Test(arguments: ServerEngine.allCases)
    func `a node comes as a primary, becomes a replica, takes over, and goes`(engine: ServerEngine) async throws {
        try await LoadedCluster.with(engine, keys: 500) { loaded in
            let server = try await loaded.cluster.startAnother()
            let id = try #require(NodeID(try await server.id()))
            let member = MemberID("\(server.address)")
            try await loaded.perform(.addMember(member, shard: nil))
            #expect(try await loaded.survey().topology.nodes[id]?.isReplica == false)
            try await loaded.perform(.addMember(member, shard: 1))
            let primary = loaded.cluster.primaries[1]
            let primaryID = NodeID(try await primary.id())
            #expect(try await loaded.survey().topology.nodes[id]?.primary == primaryID)
            try await loaded.perform(.failover(member))
            let survey = try await loaded.survey()
            #expect(survey.topology.nodes[id]?.slots.isEmpty == false)
            #expect(primaryID.flatMap { survey.topology.nodes[$0] }?.primary == id)
            try await loaded.expectWhole()
            // It is a replica that goes now, then a primary with slots, which gives them away before.
            try await loaded.perform(.removeMember(MemberID("\(primary.address)")))
            let nodes = try await loaded.survey().topology.nodes
            #expect(nodes.count == 3 && primaryID.flatMap { nodes[$0] } == nil)
        }
    }

    @Test func `a primary that is removed gives its slots away first, and its replica copies another`() async throws {
        try await LoadedCluster.with(.valkey, replicasEach: 1, keys: 2_000) { loaded in
            let gone = loaded.cluster.primaries[2]
            let goneID = try #require(NodeID(try await gone.id()))
            try await loaded.perform(.removeMember(MemberID("\(gone.address)")))
            let survey = try await loaded.survey()
            #expect(survey.topology.nodes[goneID] == nil && survey.topology.nodes.count == 5)
            #expect(survey.topology.nodes.values.count(where: \.isReplica) == 3)
            try await loaded.expectWhole()
        }
    }

    @Test func `a replica that can be spared becomes the primary of one shard more`() async throws {
        try await LoadedCluster.with(.valkey, primaries: 3, replicasEach: 2, keys: 2_000) { loaded in
            try await loaded.perform(.shardCount(4))
            let survey = try await loaded.survey()
            #expect(survey.board { _ in 0 }.owners.map(\.slots.count) == [4096, 4096, 4096, 4096])
            try await loaded.expectWhole()
        }
    }

    @Test func `keys go between nodes that want a user and a password`() async throws {
        var settings = ServerSettings()
        settings.users = ["mover on >secret-word ~* +@all"]
        settings.password = "other-secret"
        let login = ServerLogin(user: "mover", password: Secret("secret-word"))
        try await LoadedCluster.with(.redis, keys: 1_000, settings: settings, login: login) { loaded in
            try await loaded.perform(.move(slots: 0...99, from: 0, to: 1))
            try await loaded.expectWhole()
        }
    }
}
