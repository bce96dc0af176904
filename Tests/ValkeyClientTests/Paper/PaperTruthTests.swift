import LocalServers
import PaperCluster
import Testing

@testable import ValkeyClient

/// The paper cluster says what real servers say.
@Suite(.serialized, .enabled { await RealServers.areThere(.valkey, .redis) }) struct PaperTruthTests {
    /// Each is sent to one node of three primaries and three replicas. `#1` stands for the id of the second node, `@1` for
    /// its port.
    private static let script: [(node: Int, line: String)] = [
        (0, "PING"), (0, "CLUSTER MYID"), (0, "NOSUCH command"), (0, "CLUSTER NOSUCH"), (0, "DBSIZE"),
        (0, "CLUSTER KEYSLOT {a}b"), (0, "GET key"), (1, "GET key"), (2, "GET key"), (3, "GET key"),
        (0, "SET {a}1 v"), (2, "SET {a}1 v"), (2, "SET {a}2 v"), (2, "MGET {a}1 b"), (2, "EXISTS {a}1 {a}3"),
        (2, "TYPE {a}1"), (2, "TTL {a}1"), (2, "TTL {a}3"),
        // An open slot, from its first word to its last. That of {a} is 15495.
        (2, "CLUSTER COUNTKEYSINSLOT 15495"), (2, "CLUSTER COUNTKEYSINSLOT 16384"), (2, "CLUSTER GETKEYSINSLOT 1 -1"),
        (2, "CLUSTER GETKEYSINSLOT 15495 10"),
        (0, "CLUSTER SETSLOT 15495 MIGRATING #1"), (2, "CLUSTER SETSLOT 15495 IMPORTING #1"),
        (0, "CLUSTER SETSLOT 16384 STABLE"), (0, "CLUSTER SETSLOT 1 NODE nobody"),
        (0, "CLUSTER SETSLOT 1 IMPORTING nobody"), (1, "CLUSTER SETSLOT 1 IMPORTING nobody"),
        (2, "CLUSTER SETSLOT 15495 MIGRATING #3"), (3, "CLUSTER SETSLOT 15495 STABLE"),
        (1, "CLUSTER SETSLOT 15495 IMPORTING #2"), (2, "CLUSTER SETSLOT 15495 MIGRATING #1"),
        (2, "GET {a}1"), (2, "GET {a}3"), (2, "MGET {a}1 {a}3"), (1, "GET {a}1"), (1, "ASKING;GET {a}1"),
        (2, "MIGRATE 127.0.0.1 @1 {a}3 0 1000"), (2, "MIGRATE 127.0.0.1 @0 {a}1 0 1000"),
        (2, "MIGRATE 127.0.0.1 @1 {a}1 0 1000"), (2, "GET {a}1"), (1, "ASKING;GET {a}1;GET {a}1"),
        (1, "ASKING;MGET {a}1 {a}2"), (1, "ASKING;SET {a}2 other"), (2, "CLUSTER SETSLOT 15495 NODE #1"),
        (2, "MIGRATE 127.0.0.1 @1 \"\" 0 1000 KEYS {a}2 {a}3"),
        (2, "MIGRATE 127.0.0.1 @1 \"\" 0 1000 REPLACE KEYS {a}2 {a}3"),
        (1, "CLUSTER SETSLOT 15495 NODE #1"), (2, "CLUSTER SETSLOT 15495 NODE #1"), (2, "GET {a}1"), (1, "GET {a}2"),
        (1, "CLUSTER COUNTKEYSINSLOT 15495"),
        // Who is who.
        (0, "CLUSTER FORGET #0"), (0, "CLUSTER FORGET nobody"), (3, "CLUSTER FORGET #0"), (3, "CLUSTER REPLICATE #4"),
        (3, "CLUSTER REPLICATE #3"), (0, "CLUSTER REPLICATE #1"), (0, "CLUSTER FAILOVER"), (3, "CLUSTER FAILOVER WHAT"),
        (0, "CLUSTER ADDSLOTS 0"), (0, "CLUSTER ADDSLOTS 99999"), (0, "CLUSTER ADDSLOTSRANGE 9 8"),
        (0, "HELLO 4"), (0, "AUTH word"), (0, "AUTH nobody word"),
        // Jobs.
        (0, "CLUSTER MIGRATESLOTS SLOTSRANGE 0 0 NODE #0"), (0, "CLUSTER MIGRATESLOTS SLOTSRANGE 6000 6000 NODE #1"),
        (0, "CLUSTER MIGRATESLOTS SLOTSRANGE 0 99999 NODE #1"), (0, "CLUSTER MIGRATESLOTS SLOTSRANGE 0 0 NODE nobody"),
        (3, "CLUSTER MIGRATESLOTS SLOTSRANGE 0 0 NODE #1"), (0, "CLUSTER CANCELSLOTMIGRATIONS"),
        (0, "COMMAND INFO cluster|nosuch"),
    ]

    @Test(arguments: [(ServerEngine.valkey, PaperEngine.valkey9), (.redis, .redis7)])
    func `answers are those of real servers`(engine: ServerEngine, paper: PaperEngine) async throws {
        try await ServerCluster.with(engine, primaries: 3, replicasEach: 1) { real in
            var ids: [String] = []
            for server in real.servers { ids.append(try await server.id()) }
            let expected = try await Self.play(ids: ids, ports: real.servers.map(\.port)) { node, commands in
                try await real.servers[node].send(commands)
            }
            let found = try await PaperCluster.with(paper, primaries: 3, replicasEach: 1) { cluster in
                let servers = try Servers()
                let addresses = cluster.addresses
                return try await Self.play(
                    ids: cluster.change { $0.nodes.map(\.id) }, ports: addresses.map(\.port)
                ) { node, commands in
                    try await servers.send(commands, to: addresses[node], lane: 0, within: .seconds(5))
                }
            }
            for (one, other) in zip(expected, found) { #expect(one == other) }
        }
    }

    /// What was answered, with the ids and ports that both have different written as above.
    private static func play(
        ids: [String], ports: [Int], _ send: (Int, [Command]) async throws -> [RESPValue]
    ) async throws -> [String] {
        var answers: [String] = []
        for (node, line) in script {
            let commands = line.split(separator: ";").map { part in
                Command(
                    part.split(separator: " ").map { word in
                        guard let number = word.dropFirst().wholeMatch(of: /[0-9]/).flatMap({ Int($0.output) }) else {
                            return word == "\"\"" ? "" : String(word)
                        }
                        return word.first == "#" ? ids[number] : word.first == "@" ? "\(ports[number])" : String(word)
                    })
            }
            let replies = try await send(node, commands)
            var text = replies.map(words).joined(separator: "; ")
            for (index, id) in ids.enumerated() { text = text.replacing(id, with: "#\(index)") }
            // Elsewhere the same number may be a slot.
            for (index, port) in ports.enumerated() { text = text.replacing(":\(port)", with: ":@\(index)") }
            answers.append("\(node) \(line): \(text)")
        }
        return answers
    }

    private static func words(_ reply: RESPValue) -> String {
        if let error = reply.error { return "(error) \(error)" }
        // Keys of a slot come in any order.
        if let elements = reply.elements { return "[\(elements.map(words).sorted().joined(separator: ", "))]" }
        return reply.text ?? reply.integer.map { "\($0)" } ?? "\(reply)"
    }
}
