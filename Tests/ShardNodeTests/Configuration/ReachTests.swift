import ShardCore
import Testing

@testable import ShardNode

@Suite(.timeLimit(.minutes(10))) struct ReachTests {
    private func reach(_ text: String) throws -> [NodeAddress: NodeAddress] {
        var settings = NodeSettings()
        settings.socketAddress = .init(name: "SOCKET_ADDRESS", text: "127.0.0.1:8081")
        settings.view = .init(name: "VIEW", text: "127.0.0.1:8081,127.0.0.1:8082,127.0.0.1:8083")
        settings.shardCount = .init(name: "SHARD_COUNT", text: "1")
        settings.reach = .init(name: "--reach", text: text)
        return try NodeConfiguration(settings).reach
    }

    @Test func peersMayBeDialledElsewhere() throws {
        let found = try reach("127.0.0.1:8082=127.0.0.1:9002, 127.0.0.1:8083=10.0.0.7:1")
        #expect(
            found.map { "\($0.key) \($0.value)" }.sorted() == [
                "127.0.0.1:8082 127.0.0.1:9002", "127.0.0.1:8083 10.0.0.7:1",
            ])
    }

    @Test(arguments: [
        ("127.0.0.1:8082", "does not say how to reach a peer"), ("a=b=c", "does not say how to reach a peer"),
        ("127.0.0.1:8082=127.0.0.1:0", "does not say how to reach a peer"), ("", "does not say how to reach a peer"),
        ("127.0.0.1:8081=127.0.0.1:9001", "this node itself"),
        ("127.0.0.1:8082=127.0.0.1:9001,127.0.0.1:8082=127.0.0.1:9002", "says twice"),
    ])
    func whatSaysNoWayIsRefused(_ text: String, _ why: String) {
        do {
            let found = try reach(text)
            Issue.record("\(text) is taken for \(found)")
        } catch {
            #expect("\(error)".contains(why) && "\(error)".contains("--reach"), "\(error)")
        }
    }
}
