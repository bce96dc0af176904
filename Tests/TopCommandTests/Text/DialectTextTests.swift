import BasicNodes
import ClusterModel
import Dashboard
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Synchronization
import TerminalUI
import Testing

@testable import TopCommand

/// What is said of clusters of other implementations, whatever way they write.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DialectTextTests {
    private static func seeds(_ nodes: [BasicNode]) -> [NodeAddress] { nodes.compactMap { NodeAddress($0.address) } }

    private struct TimedOut: Error {}

    /// Takes snapshots until one brings what is wanted; gives up after many.
    private static func poll<Wanted>(
        _ source: PollingSource, until wanted: (ClusterSnapshot) -> Wanted?
    ) async throws -> Wanted {
        for _ in 0..<200 {
            if let found = wanted(await source.snapshot()) { return found }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TimedOut()
    }

    /// Those that differ in what they write.
    private static let dialects = Dialect.all.filter {
        $0.habits.noMetadata.count > 1 && $0.habits.bodilessRead == .served || $0.description == "everything"
    }

    @Test(arguments: dialects, BasicCluster.Names.allCases)
    func `status and watch tell shards, members and keys, and a reshard that is seen`(
        _ dialect: Dialect, _ names: BasicCluster.Names
    ) async throws {
        let cluster = BasicCluster(names: names, habits: dialect.habits)
        var nodes: [BasicNode] = []
        for _ in 0..<4 { nodes.append(try await BasicNode.start(cluster)) }
        cluster.place(nodes.map(\.address), shardCount: 2)
        let seeds = Self.seeds(nodes)
        try await NodeTransport.with { transport in
            let client = ClusterClient(nodes: seeds, transport: transport)
            for index in 0..<5 { _ = try await client.put("k\(index)", value: .string("v")) }
            let source = PollingSource(seeds: [seeds[0]], transport: transport, configuration: .oneShot)
            var changes = ChangeLines()
            let snapshot = try await Self.poll(source) {
                $0.nodes.count == 4 && $0.nodes.allSatisfy(\.isReachable) ? $0 : nil
            }
            let status = StatusText.lines(Cluster(snapshot))
            #expect(status.first == "4 of 4 nodes up, 2 shards, 5 keys")
            for (index, members) in cluster.members.enumerated() {
                let name = dialect.habits.ids == .names ? "s\(index)" : "\(index)"
                let start = try #require(status.firstIndex { $0.hasPrefix("shard \(name): ") })
                #expect(
                    status[start + 1].hasPrefix("  \(members[0]) ") && status[start + 2].hasPrefix("  \(members[1]) "))
            }
            let told = changes.lines(for: Cluster(snapshot), events: [])
            #expect(told.last?.hasPrefix("4 of 4 nodes up, 2 shards, 5 keys (shard ") == true)
            // Somebody else reshards.
            cluster.place(nodes.map(\.address), shardCount: 1)
            var lines: [String] = []
            let later = try await Self.poll(source) { snapshot in
                lines += changes.lines(for: Cluster(snapshot), events: [])
                return lines.last?.hasPrefix("4 of 4 nodes up, 1 shard, 5 keys") == true ? lines : nil
            }
            let change = later.filter { $0.contains("reshard") }
            #expect(change.last?.hasPrefix("reshard 2 to 1 shard (inferred): seen between the polls of ") == true)
            #expect(change.last?.hasSuffix("all nodes that list their shards agree") == true)
        }
        for node in nodes { await node.die() }
    }

    /// What the endpoints of one node answer, by path.
    private final class Answers: Sendable {
        static let usual = [
            "/view": #"{"view":["NODE","10.255.255.1:9"]}"#, "/shard/ids": #"{"shard-ids":["s7","s8"]}"#,
            "/shard/node-shard-id": #"{"node-shard-id":"s7"}"#, "/shard/members/s7": #"{"shard-members":["NODE"]}"#,
            "/shard/key-count/s7": #"{"shard-key-count":37}"#,
        ]

        let changed = Mutex<(path: String, status: Int, body: String)>(("", 200, ""))

        func answer(_ path: String, _ node: String) -> (status: Int, json: String)? {
            let changed = changed.withLock { $0 }
            if changed.path == path { return (changed.status, changed.body) }
            return Self.usual[path].map { (200, $0.replacing("NODE", with: node)) }
        }
    }

    private static let oddValues = [
        "null", "true", "false", "-1", "-7", "1.5", "1e999", "99999999999999999999", #""""#, #"" ""#, #"",""#,
        #""a,b""#, #""s7,s8,""#, #""[]""#, #""['s7'""#, "[]", "[[]]", "[null]", "[{}]", #"["s7",null]"#, #"["",""]"#,
        "{}", #"{"s7":[]}"#, #""\u0000\u001b[2J""#, #""\ud800""#, #""\u202es7""#, #""zalgo\u0301\u0301\u0301""#,
        "\"" + String(repeating: "x", count: 5_000) + "\"",
        "[" + (0..<3_000).map { "\"n\($0)\"" }.joined(separator: ",") + "]",
        String(repeating: "[", count: 300) + String(repeating: "]", count: 300), "nope", "", "[1,2", #""open"#,
    ]

    @Test func `whatever a node answers, nothing that it does not say is told as known`() async throws {
        let answers = Answers()
        let node = try await BasicNode.scripted { _, path, node in answers.answer(path, node) }
        let seed = try #require(NodeAddress(node.address))
        try await NodeTransport.with { transport in
            var configuration = PollingSource.Configuration.oneShot
            configuration.nodesMax = 1
            for (path, usual) in Answers.usual.sorted(by: { $0.key < $1.key }) {
                let name = usual.split(separator: "\"")[1]
                let bodies = Self.oddValues.map { (200, "{\"\(name)\":\($0)}") }
                let others = [
                    (200, ""), (200, "[]"), (200, "{"), (204, ""), (404, "{}"), (415, "no"), (500, "{\"message\":1}"),
                ]
                for (status, body) in bodies + others {
                    answers.changed.withLock { $0 = (path, status, body) }
                    let source = PollingSource(seeds: [seed], transport: transport, configuration: configuration)
                    let snapshot = await source.snapshot()
                    let shown = "\(path) \(status) \(body.prefix(60))"
                    let text = StatusText.lines(Cluster(snapshot)).joined(separator: "\n")
                    #expect(!text.contains(" 0 keys") && !text.contains(" 0 shards"), "\(shown)")
                    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.value < 0x20 }, "\(shown)")
                    if text.contains("in no shard:") {
                        let saysNone = ["null", "-1", #""""#, #"" ""#].contains { body.hasSuffix(":\($0)}") }
                        #expect(path == "/shard/node-shard-id" && (status == 404 || saysNone), "\(shown)")
                    }
                    _ = Self.draw(snapshot)
                }
            }
        }
        await node.die()
    }

    private static func draw(_ snapshot: ClusterSnapshot) -> String {
        var model = DashboardModel(name: "other")
        _ = model.reduce(.snapshot(Cluster(snapshot), Features(ClusterCapabilities.basic)))
        return Drawing(model, theme: .standard()).canvas(Size(width: 80, height: 24)).text
    }
}
