import LocalServers
import Synchronization
import ValkeyClient

/// One engine's cluster, on which changes of both kinds take turns.
struct EngineBench: Sendable {
    let program: ServerProgram
    let sizes: EngineSizes
    /// This program's.
    let ownPath: String
    let comparesWithCommand: Bool

    static let pipelines = [100, 1_000]
    private static let loadBatch = 1_000
    private static let restSeconds = 3

    func measure() async throws -> EngineFigures {
        var settings = ServerSettings()
        settings.nodeTimeoutMilliseconds = sizes.nodeTimeout
        // One that gave its last slot away stays a primary, so that all rounds begin alike.
        settings.lines = ["cluster-allow-replica-migration no"]
        let figures = Mutex(EngineFigures())
        let shape = ServerCluster.Shape(primaries: 3, replicasEach: 1, spares: 2)
        try await ServerCluster.with(program, shape, settings) { cluster in
            try await cluster.form()
            let found = try await measure(cluster)
            figures.withLock { $0 = found }
        }
        return figures.withLock { $0 }
    }

    private func measure(_ cluster: ServerCluster) async throws -> EngineFigures {
        try await load(cluster)
        return try await EngineClients.with(
            ownPath, ports: cluster.servers.map(\.port), requestsPerSecond: sizes.rate
        ) { clients in
            try await measure(cluster, &clients)
        }
    }

    private func measure(_ cluster: ServerCluster, _ clients: inout EngineClients) async throws -> EngineFigures {
        var figures = EngineFigures()
        // By then each client has written all of its keys, so that their number stays.
        let (_, rest) = try await clients.work { try await Task.sleep(for: .seconds(Self.restSeconds)) }
        figures.atRest = rest
        let limit = MoveTerms.fitting(
            nodeTimeoutMilliseconds: sizes.nodeTimeout, waitsForReplicas: program.engine == .valkey
        ).migrateTimeoutMilliseconds
        // The first round warms up.
        for round in 0...sizes.rounds {
            var turn: [EngineFigures.Kind: EngineFigures.Entry] = [:]
            func take(_ kind: EngineFigures.Kind, _ change: () async throws -> ChangeTimes) async throws {
                turn[kind] = try await entry(cluster, &clients, change)
            }
            let back: () async throws -> ChangeTimes = { try await OurChange(cluster: cluster, shards: 3).run() }
            try await take(.ours) { try await OurChange(cluster: cluster, shards: 4).run() }
            try await take(.oursBack, back)
            if sizes.slotBySlot, program.engine == .valkey {
                try await take(.slotBySlot) { try await OurChange(cluster: cluster, shards: 4, way: .classic).run() }
                _ = try await entry(cluster, &clients, back)
            }
            if round > 0, comparesWithCommand {
                for pipeline in Self.pipelines {
                    try await take(.command(pipeline: pipeline)) {
                        try await CommandChange(
                            cluster: cluster, pipeline: pipeline, migrateTimeoutMilliseconds: limit
                        ).run()
                    }
                    _ = try await entry(cluster, &clients, back)
                }
            }
            if round > 0 { figures.rounds.append(turn) }
        }
        return figures
    }

    /// Makes a change while clients are at work, and counts by the servers what it moved.
    private func entry(
        _ cluster: ServerCluster, _ clients: inout EngineClients,
        _ change: () async throws -> ChangeTimes
    ) async throws -> EngineFigures.Entry {
        try await cluster.awaitAgreement()
        let before = try await keys(cluster)
        let (times, outcome) = try await clients.work(during: change)
        let moved = zip(before, try await keys(cluster)).reduce(0) { $0 + max(0, $1.1 - $1.0) }
        guard outcome.losses.isEmpty else {
            throw Programs.Problem(
                "clients lost what they had written: \(outcome.losses.prefix(3).joined(separator: "; "))")
        }
        guard moved > 0 else { throw Programs.Problem("no keys were moved") }
        return EngineFigures.Entry(keys: moved, times: times, clients: outcome)
    }

    /// Of each that may have slots.
    private func keys(_ cluster: ServerCluster) async throws -> [Int] {
        var counts: [Int] = []
        for server in cluster.primaries + cluster.spares {
            guard let count = try await server.send("DBSIZE").integer else {
                throw Programs.Problem("\(server.address) does not tell how many keys it has")
            }
            counts.append(Int(count))
        }
        return counts
    }

    private func load(_ cluster: ServerCluster) async throws {
        let calls = try Servers()
        defer { calls.close() }
        let value = String(repeating: "v", count: max(1, sizes.valueBytes))
        let starts = cluster.primaries.indices.map { $0 * HashSlot.count / cluster.primaries.count }
        var commands = cluster.primaries.map { _ in [Command]() }
        for number in 0..<sizes.keys {
            let key = "bench:key:\(number)"
            let owner = starts.lastIndex { $0 <= HashSlot(key: Array(key.utf8)).number } ?? 0
            commands[owner].append(Command("SET", key, value))
        }
        for (primary, commands) in zip(cluster.primaries, commands) {
            for start in stride(from: 0, to: commands.count, by: Self.loadBatch) {
                let batch = Array(commands[start..<min(start + Self.loadBatch, commands.count)])
                let replies = try await calls.send(batch, to: primary.address, lane: 1, within: .seconds(30))
                if let error = replies.lazy.compactMap(\.error).first {
                    throw Programs.Problem("\(primary.address) does not take a key: \(error.message)")
                }
            }
        }
    }
}
