import ShardCore
import Testing

@testable import ShardNode

/// What a refusal says beside the words that every node of such a store has for it.
@Suite(.timeLimit(.minutes(5))) struct RefusalTests {
    @Test func aShardThatIsDownIsNamedWithItsSilentMembers() async throws {
        try await RunningNode.with { node in
            node.record.update { $0.silentMembers = [NodeAddress("10.0.0.3:8081")!, NodeAddress("10.0.0.4:8081")!] }
            let answer = try await RoleTests.wholeAnswer(node.port, "/kvs/down")
            #expect(answer.contains(#""error":"Shard is down","reason":"no member of shard 1 can serve it now; "#))
            #expect(answer.contains("start 10.0.0.3:8081, 10.0.0.4:8081 again"), "\(answer)")
        }
    }
}
