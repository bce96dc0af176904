import ClusterModel
import LocalServers
import Testing
import ValkeyClient

@testable import TopCommand

/// What a demo does to real servers, without a dashboard.
@Suite(.serialized, .timeLimit(.minutes(10)), .enabled { await RealServers.areThere(.valkey) }) struct ServerDemoTests {
    @Test func `a primary is killed, its replica takes over, and it is started again`() async throws {
        try await ServerCluster.with(
            try await ServerProgram.find(.valkey), .init(primaries: 3, replicasEach: 1), ServerSettings()
        ) { cluster in
            let formed = Locked(false)
            let demo = ServerDemo(cluster) { formed.withLock { $0 = true } }
            let told = Locked<[Int]>([])
            try await demo.awaitServing { serving in told.withLock { $0.append(serving) } }
            #expect(formed.withLock { $0 })
            #expect(told.withLock { $0.last } == 6)
            let primary = demo.members[0]
            try await demo.kill(primary)
            await #expect(throws: Failure.self) { try await demo.kill(primary) }
            #expect(throws: Failure.self) { try demo.pause(primary, isPaused: true) }
            try await cluster.awaitAgreement(failing: [cluster.primaries[0]])
            try await demo.restart(primary)
            await #expect(throws: Failure.self) { try await demo.restart(primary) }
            try await cluster.awaitAgreement()
            let role = try await cluster.primaries[0].send("ROLE")
            #expect(role.elements?.first?.text == "slave")
        }
    }

    @Test func `a node is paused and goes on, one more joins, and what cannot be done is said`() async throws {
        try await ServerCluster.with(.valkey, primaries: 1) { cluster in
            let demo = ServerDemo(cluster) {}
            let node = demo.members[0]
            try demo.pause(node, isPaused: true)
            #expect(demo.paused == [node])
            try demo.pause(node, isPaused: false)
            #expect(demo.paused.isEmpty)
            let added = try await demo.startNode()
            let view = try await cluster.primaries[0].send("CLUSTER", "NODES").text
            #expect(view?.contains("\(added)@") == true)
            try await demo.kill(added)
            for unknown in [MemberID("127.0.0.1:1"), "nonsense"] {
                await #expect(throws: Failure.self) { try await demo.kill(unknown) }
            }
            #expect(throws: Failure.self) { try demo.isolate(node, isIsolated: true) }
        }
    }

    @Test func `keys are loaded into a cluster, and read back from it`() async throws {
        try await ServerCluster.with(.valkey, primaries: 3) { cluster in
            try await Servers.with { servers in
                let client = KeyClient(servers, seeds: cluster.addresses)
                let keys = DemoKeys(store: ServerKeyStore(client: client), count: 300)
                let result = await keys.load { _ in }
                #expect(result.keys == 300 && result.problem == nil)
                #expect(await keys.readBack(step: 1, overwritten: 0, concurrency: 8) == ReadBack.Result(read: 300))
                _ = try await client.delete("key-7")
                try await client.store("key-8", Array("other".utf8))
                let spoilt = await keys.readBack(step: 1, overwritten: 0, concurrency: 8)
                #expect(spoilt.missing == 1 && spoilt.wrong == 1)
            }
        }
    }
}
