import ClusterModel
import LocalServers
import Subprocess
import ValkeyClient

/// How long a change took.
struct ChangeTimes: Sendable {
    /// From the first slot to the last.
    var moving: Double
    /// With all that is looked at before and after.
    var whole: Double
    /// Nil if it does not tell.
    var checking: Double?
    var verifying: Double?
}

/// A change as the command `reshard` makes it: over connections of its own, told while it runs.
struct OurChange: Sendable {
    let cluster: ServerCluster
    let shards: Int
    /// Nil: the best that the servers can.
    var way: MoveWay?

    private static let tellInterval = Duration.milliseconds(80)

    func run() async throws -> ChangeTimes {
        let start = ContinuousClock.now
        let servers = try Servers()
        defer { servers.close() }
        var setup = WatchSetup()
        setup.patienceMilliseconds = setup.timeoutMilliseconds
        let poller = ClusterPoller(seeds: [cluster.addresses[0]], calls: servers, setup: setup)
        let changer = Changer(calls: servers, login: .open)
        let source = ValkeySource(poller: poller, calls: servers, changer: changer)
        _ = await source.snapshot()
        let teller = Task {
            while !Task.isCancelled {
                _ = await source.snapshot()
                try? await Task.sleep(for: Self.tellInterval)
            }
        }
        defer { teller.cancel() }
        try await changer.perform(.shardCount(shards), await poller.look(), way: way)
        let whole = (ContinuousClock.now - start) / .seconds(1)
        teller.cancel()
        await teller.value
        let stages = await changer.change?.stages ?? []
        func seconds(_ name: String) -> Double? {
            stages.first { $0.name == name }?.durationMicroseconds.map { Double($0) / 1_000_000 }
        }
        guard let moving = seconds("migrate") else {
            throw Programs.Problem("the change to \(shards) shards moved nothing")
        }
        return ChangeTimes(
            moving: moving, whole: whole, checking: seconds("check"), verifying: seconds("verify"))
    }
}

/// The same from 3 to 4 shards by `redis-cli --cluster rebalance`.
struct CommandChange: Sendable {
    let cluster: ServerCluster
    /// Keys in one MIGRATE.
    let pipeline: Int
    let migrateTimeoutMilliseconds: Int

    func run() async throws -> ChangeTimes {
        // Spares whose weight is not said to be none would all be taken in.
        var weights: [String] = []
        for spare in cluster.spares.dropFirst() { weights += ["--cluster-weight", "\(try await spare.id())=0"] }
        let arguments =
            [
                "--cluster", "rebalance", "\(cluster.addresses[0])", "--cluster-use-empty-masters",
                "--cluster-pipeline", "\(pipeline)", "--cluster-timeout", "\(migrateTimeoutMilliseconds)",
            ] + weights
        let start = ContinuousClock.now
        let result = try await Subprocess.run(
            .name("redis-cli"), arguments: Arguments(arguments), input: .none, output: .sequence, error: .discarded
        ) { execution in
            var (began, tail) = (ContinuousClock.Instant?.none, "")
            for try await part in execution.standardOutput {
                tail = String(
                    (tail + part.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }).suffix(Self.tailMax))
                // It goes on to the first slot right after that word.
                if began == nil, tail.contains("Moving ") { began = .now }
            }
            return (began, tail)
        }
        let end = ContinuousClock.now
        let (began, tail) = result.closureResult
        guard result.terminationStatus.isSuccess, let began else {
            throw Programs.Problem("redis-cli --cluster rebalance: \(result.terminationStatus): \(tail)")
        }
        return ChangeTimes(moving: (end - began) / .seconds(1), whole: (end - start) / .seconds(1))
    }

    private static let tailMax = 300
}
