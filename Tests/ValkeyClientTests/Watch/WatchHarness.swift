@testable import ValkeyClient

/// A made-up cluster in which every server answers at once, and time is what the test says.
struct WatchHarness {
    struct Node {
        var flags = "master"
        var primary: Int?
        var epoch = 1
        var slots = ""
        var open = ""
        var host = "10.0.0.1"
        var info: [String: String] = [:]
        var jobs: [RESPValue] = []
        /// Where it has another idea of the others than they have.
        var sees: [Int: Node?] = [:]
        var slotCalls = 0
        var keys = 10
    }

    var nodes: [Int: Node]
    /// They do not answer.
    var down: Set<Int> = []
    /// Addresses at which nothing listens, and at which another node does than announces it.
    var dead: Set<ServerAddress> = []
    var moved: [ServerAddress: Int] = [:]
    var isValkey = true
    /// The ids that nodes tell of their shards; where there are none, they do not know the command.
    var shardIDs: [Int: String] = [:]
    /// Of CLUSTER, what the user may not do.
    var denied: Set<String> = []
    private(set) var watch: ClusterWatch
    private(set) var asked: [(milliseconds: UInt64, node: Int, parts: ServerAsk.Parts)] = []
    private(set) var dialled: [ServerAddress] = []

    init(_ nodes: [Int: Node], seeds: [ServerAddress]? = nil, setup: WatchSetup = WatchSetup()) {
        self.nodes = nodes
        let first = nodes.keys.min() ?? 1
        watch = ClusterWatch(seeds: seeds ?? [Self.address(first, nodes[first])], setup: setup, now: 0)
    }

    /// Three primaries with slots, a spare, a replica of each of the three.
    static let small: [Int: Node] = [
        1: Node(slots: "0-5460"), 2: Node(epoch: 2, slots: "5461-10922"), 3: Node(epoch: 3, slots: "10923-16383"),
        4: Node(epoch: 0), 5: Node(flags: "slave", primary: 1), 6: Node(flags: "slave", primary: 2, epoch: 2),
        7: Node(flags: "slave", primary: 3, epoch: 3),
    ]

    /// So many shards of a primary and a replica; primaries have the odd numbers.
    static func large(shards: Int) -> [Int: Node] {
        var nodes: [Int: Node] = [:]
        for shard in 0..<shards {
            let (first, next) = (shard * 16_384 / shards, (shard + 1) * 16_384 / shards)
            nodes[2 * shard + 1] = Node(epoch: shard + 1, slots: "\(first)-\(next - 1)")
            nodes[2 * shard + 2] = Node(flags: "slave", primary: 2 * shard + 1, epoch: shard + 1)
        }
        return nodes
    }

    static func address(_ number: Int, _ node: Node?) -> ServerAddress {
        ServerAddress(host: node?.host ?? "10.0.0.1", port: 7000 + number)
    }

    static func id(_ number: Int) -> NodeID { NodeID(text(number))! }

    /// An id that differs from the others in its first digits.
    static func text(_ number: Int) -> String {
        let digits = String(UInt32(truncatingIfNeeded: number &* 0x9E37_79B9) | 0x1000_0000, radix: 16)
        return digits + ValkeyClientTests.id(number).dropFirst(8)
    }

    func record(_ number: Int) -> ServerRecord? { watch.records[Self.address(number, nodes[number])] }

    func report(_ now: UInt64) -> WatchReport { WatchReport(watch, now: now) }

    mutating func takeEvents() -> [String] { watch.takeEvents().map(\.text) }

    mutating func forgetAsked() { asked = [] }

    /// One round, all of whose answers come at once.
    mutating func round(_ now: UInt64, isOursRunning: Bool = false) {
        var queue = watch.beginRound(now)
        while !queue.isEmpty {
            let ask = queue.removeFirst()
            dialled.append(ask.dialled)
            let number = moved[ask.dialled] ?? ask.dialled.port - 7000
            guard nodes[number] != nil, !down.contains(number), !dead.contains(ask.dialled) else {
                let error = ServerError(.unreachable, at: ask.dialled, "nobody listens there")
                queue += watch.failed(ask, error, now)
                continue
            }
            asked.append((now, number, ask.parts))
            do throws(ServerError) {
                let answer = try ServerAnswer(ask, ask.commands.map { reply($0, number) })
                queue += watch.answered(ask, answer, tookMicroseconds: 100, now)
            } catch {
                queue += watch.failed(ask, error, now)
            }
        }
        watch.endRound(isOursRunning: isOursRunning, now)
    }

    // MARK: Answers

    func reply(_ command: Command, _ number: Int) -> RESPValue {
        let words = command.arguments.map { String(decoding: $0, as: UTF8.self) }
        switch words.prefix(2).joined(separator: " ") {
        case "CLUSTER NODES": return text(view(by: number))
        case "CLUSTER MYID": return text(Self.text(number))
        case "CLUSTER INFO":
            return text("cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_known_nodes:\(nodes.count)\r\n")
        case "INFO commandstats": return text("cmdstat_cluster|setslot:calls=\(nodes[number]?.slotCalls ?? 0)\r\n")
        case "INFO": return text(info(number))
        case "DBSIZE": return .integer(Int64(nodes[number]?.keys ?? 0))
        case "CLUSTER GETSLOTMIGRATIONS": return .array(nodes[number]?.jobs ?? [])
        case "COMMAND INFO":
            return .array(
                ServerFeatures.Feature.allCases.map {
                    let isOther = $0 == .migration || $0 == .shards && shardIDs.isEmpty || $0 == .slotStatistics
                    let isNew = $0 == .migrateSlots || $0 == .listSlotMigrations
                    return isOther || isNew && !isValkey ? .null : .array([text($0.rawValue)])
                })
        case "CLUSTER SHARDS":
            return .array(
                shardIDs.map { number, shard in
                    let node = RESPValue.array([text("id"), text(Self.text(number))])
                    return .array([text("nodes"), .array([node]), text("id"), text(shard)])
                })
        case "ACL WHOAMI": return text("eve")
        case "ACL DRYRUN":
            guard words.count > 4, denied.contains(words[4]) else { return .simple("OK") }
            return text("User eve has no permissions to run the 'cluster|\(words[4].lowercased())' command")
        default: return .error(RESPError("ERR unknown subcommand '\(words.last ?? "")'. Try CLUSTER HELP."))
        }
    }

    private func info(_ number: Int) -> String {
        var fields = ["redis_version": "7.2.4", "run_id": "run\(number)", "redis_mode": "cluster"]
        if isValkey { fields.merge(["server_name": "valkey", "valkey_version": "9.1.2"]) { $1 } }
        fields["role"] = nodes[number]?.primary == nil ? "master" : "slave"
        fields.merge(nodes[number]?.info ?? [:]) { $1 }
        return fields.map { "\($0.key):\($0.value)\r\n" }.joined()
    }

    private func view(by viewer: Int) -> String {
        var lines: [String] = []
        var seen = nodes
        for (number, node) in nodes[viewer]?.sees ?? [:] { seen[number] = node }
        for (number, node) in seen.sorted(by: { $0.key < $1.key }) {
            let slots = [node.slots, number == viewer ? node.open : ""].filter { !$0.isEmpty }.joined(separator: " ")
            lines.append(
                line(
                    id: Self.text(number), endpoint: "\(node.host):\(7000 + number)@\(17_000 + number)",
                    flags: (number == viewer ? "myself," : "") + node.flags,
                    primary: node.primary.map(Self.text) ?? "-", epoch: "\(node.epoch)", slots: slots))
        }
        return lines.joined(separator: "\n")
    }

    private func text(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }
}
