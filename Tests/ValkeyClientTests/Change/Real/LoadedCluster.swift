import ClusterModel
import LocalServers
import Synchronization
import Testing

@testable import ValkeyClient

/// A real cluster with keys, and what changes it.
struct LoadedCluster: Sendable {
    let cluster: ServerCluster
    let servers: Servers
    let changer: Changer
    let keyCount: Int

    static func with(
        _ engine: ServerEngine, primaries: Int = 3, replicasEach: Int = 0, spares: Int = 0, keys: Int = 5_000,
        settings: ServerSettings = ServerSettings(), login: ServerLogin = .open,
        _ body: @escaping @Sendable (LoadedCluster) async throws -> Void
    ) async throws {
        try await ServerCluster.with(
            engine, primaries: primaries, replicasEach: replicasEach, spares: spares, settings: settings
        ) { cluster in
            try await Servers.with(login: login) { servers in
                let loaded = LoadedCluster(cluster, servers, keys: keys, login: login)
                try await loaded.load()
                try await body(loaded)
            }
        }
    }

    private init(_ cluster: ServerCluster, _ servers: Servers, keys: Int, login: ServerLogin) {
        self.cluster = cluster
        self.servers = servers
        keyCount = keys
        changer = Changer(calls: servers, login: login)
    }

    /// The first of the servers is shard 0, whoever it copies later.
    var ground: Changer.Ground { ground(servers) }

    func ground(_ calls: any ServerCalls) -> Changer.Ground {
        let addresses = cluster.addresses
        return Changer.Ground(calls: calls, seeds: addresses) { id, topology in
            ShardID(topology.nodes[id]?.address.flatMap { addresses.firstIndex(of: $0) } ?? 99)
        }
    }

    func perform(_ goal: Goal, way: MoveWay? = nil) async throws {
        try await changer.perform(goal, on: ground, way: way)
    }

    func plan(_ goal: Goal) async throws -> Plan { try await changer.plan(goal, on: ground) }

    func survey() async throws -> Survey {
        try await Surveyor(calls: servers, seeds: cluster.addresses).survey()
    }

    static func key(_ number: Int) -> [UInt8] { Array("key:\(number)".utf8) }
    static func value(_ number: Int) -> [UInt8] { Array("value of \(number)".utf8) }

    private func load() async throws {
        let topology = try await survey().topology
        for (owner, numbers) in try byOwner(topology) {
            let commands = numbers.map { Command(bytes: [Array("SET".utf8), Self.key($0), Self.value($0)]) }
            let replies = try await servers.send(commands, to: owner, lane: 2, within: .seconds(30))
            #expect(replies.allSatisfy { $0.isOK })
        }
    }

    private func byOwner(_ topology: Topology) throws -> [ServerAddress: [Int]] {
        var owners = [ServerAddress?](repeating: nil, count: HashSlot.count)
        for node in topology.primaries { for slot in node.slots { owners[slot.number] = node.address } }
        var numbers: [ServerAddress: [Int]] = [:]
        for number in 0..<keyCount {
            numbers[try #require(owners[HashSlot(key: Self.key(number)).number]), default: []].append(number)
        }
        return numbers
    }

    /// Every key is at the owner of its slot, with its value, and nowhere else; no slot is open, missing or in dispute.
    func expectWhole(lost lostMax: Int = 0, _ place: SourceLocation = #_sourceLocation) async throws {
        let survey = try await survey()
        #expect(survey.topology.openSlots.isEmpty, sourceLocation: place)
        #expect(survey.topology.uncovered.isEmpty && survey.topology.doublyOwned.isEmpty, sourceLocation: place)
        #expect(Safety.disagreements(survey).isEmpty, sourceLocation: place)
        var missing = 0
        for (owner, numbers) in try byOwner(survey.topology) {
            let commands = numbers.map { Command(bytes: [Array("GET".utf8), Self.key($0)]) }
            let replies = try await servers.send(commands, to: owner, lane: 2, within: .seconds(30))
            missing += zip(numbers, replies).count { Self.value($0) != $1.bytes }
        }
        #expect(missing <= lostMax, "\(missing) keys are missing", sourceLocation: place)
        // None is where it does not belong.
        var held = 0
        for primary in survey.askablePrimaries {
            held += Int(
                try await servers.send(Command("DBSIZE"), to: primary.address, within: .seconds(5)).integer ?? 0)
        }
        #expect(held == keyCount - missing, sourceLocation: place)
    }
}
