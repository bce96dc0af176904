import Foundation
import ShardClient
import ShardCore
import ShardWire

/// One story of what is done to a cluster, and what must hold all the same.
public enum Trial: String, CaseIterable, Sendable {
    /// Nodes die and return, stop for a while, links are cut and slow, reshards go 2-3-1-3-2.
    case mixed
    /// Two halves that each hold a member of every shard are cut off from each other, and healed.
    case halves
    /// The coordinator of a reshard is killed in each of its phases.
    case coordinator
    /// All nodes are killed at once, with every answered write on a disk; later all are stopped gracefully.
    case blackout
    /// A disk is full for a while.
    case fullDisk = "full-disk"
    /// The nodes' files are deleted, moved, replaced and cut while they run; then all nodes are killed at once.
    case lostFiles = "lost-files"
    /// All nodes are started again one after the other, in random order and at close intervals, with and without disks.
    case rolling
    /// Strangers tell nodes lies, as peers and as clients.
    case fuzz
    /// An open cluster is closed by TLS and a secret, node by node.
    case closing
    /// How long writes are held by reshards of many keys.
    case pause
    /// Valkey and Redis: 3 to 4 to 2 to 3 shards from the command line.
    case engineReshard = "engine-reshard"
    /// Valkey and Redis: the source of a migration, its target, or shardtop is killed in its middle.
    case engineKills = "engine-kills"

    /// Those of our own nodes.
    public static let ofNodes = allCases.filter { !$0.isOfEngines }

    /// Those of real Valkey and Redis servers, which must be installed.
    public var isOfEngines: Bool { self == .engineReshard || self == .engineKills }

    public struct Options: Sendable {
        public var setup: TrialCluster.Setup
        public var seed: UInt64 = 1
        public var seconds: Double = 60
        public var keyCount = 300
        /// Holds the trial also on nodes that cannot pass it, to see that it finds what they do wrong.
        public var keepsDurability = false
        /// Gets every line of the story.
        public var tell: @Sendable (String) -> Void = { _ in }
        /// For the trials of Valkey and Redis.
        package var engines = EngineTrialOptions(program: "shardtop")

        public init(setup: TrialCluster.Setup) { self.setup = setup }

        /// The words for ``setDurability(_:)``.
        public static let durabilities = Durability.allCases.map(\.rawValue)

        /// Any other word changes nothing.
        public mutating func setDurability(_ word: String) {
            setup.durability = Durability(rawValue: word) ?? setup.durability
        }
    }

    /// The outcome of a trial.
    public struct Report: Sendable {
        public var problems: [String] = []
        public var counts = Load.Counts()
        /// Of each reshard.
        public var pauseMilliseconds: [Double] = []
        public var resharded: [Int] = []
        /// Times that were measured, with their names.
        public var milliseconds: [(name: String, value: Double)] = []
        /// Lines for a person about other things that were done and seen.
        public var lines: [String] = []

        mutating func note(_ name: String, _ duration: Duration) {
            milliseconds.append((name, Self.milliseconds(duration)))
        }

        static func milliseconds(_ duration: Duration) -> Double {
            Double(duration.components.seconds) * 1_000 + Double(duration.components.attoseconds) / 1e15
        }
    }

    /// - Throws: where the trial could not be held; what it finds wrong is in the report.
    public func hold(_ options: Options) async throws -> Report {
        var options = options
        switch self {
        case .mixed: return try await Self.mixed(options)
        case .halves:
            // A half may hold one member of a shard only.
            options.setup.writeAcks = 1
            return try await Self.halves(options)
        case .coordinator: return try await Self.coordinator(options)
        case .blackout:
            if !options.keepsDurability { options.setup.durability = .sync }
            return try await Self.blackout(options)
        case .fullDisk:
            options.setup.durability = .sync
            return try await Self.fullDisk(options)
        case .lostFiles:
            options.setup.durability = .sync
            return try await Self.lostFiles(options)
        case .rolling: return try await Self.rolling(options)
        case .fuzz: return try await Self.fuzz(options)
        case .closing: return try await Self.closing(options)
        case .pause: return try await Self.pause(options)
        case .engineReshard: return try await Self.engineReshard(options)
        case .engineKills: return try await Self.engineKills(options)
        }
    }

    /// Runs `body` while clients work, and stops them then.
    static func whileLoaded<Result: Sendable>(
        _ load: Load, seed: UInt64, homes: [[NodeAddress]],
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let clients = Task { await load.run(seed: seed, homes: homes) }
        do {
            let result = try await body()
            clients.cancel()
            await clients.value
            return result
        } catch {
            clients.cancel()
            await clients.value
            throw error
        }
    }

    /// Waits until what clients get done has grown by `count` answers.
    static func awaitWork(_ load: Load, _ count: Int) async throws {
        let start = load.counts.reads + load.counts.writes
        let end = ContinuousClock.now + TrialCluster.patience
        while load.counts.reads + load.counts.writes < start + count {
            guard ContinuousClock.now < end else { throw TrialError("clients get nothing done any more") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Reshards, again where the time is not right for it.
    static func reshard(
        to count: Int, at cluster: TrialCluster, _ transport: NodeTransport
    ) async throws -> ReshardProgress? {
        let end = ContinuousClock.now + TrialCluster.patience
        let before = await cluster.source(transport).snapshot().states.values.map(\.epoch).max() ?? 0
        while true {
            let source = cluster.source(transport)
            do {
                try await source.reshard(shardCount: count)
                return await source.snapshot().reshard
            } catch {
                guard ContinuousClock.now < end else { throw TrialError("no reshard to \(count): \(error)") }
                // Its answer may have been lost with the node that gave it.
                let states = await source.snapshot().states.values
                if !states.isEmpty, states.allSatisfy({ $0.shards.count == count && $0.epoch > before }) { return nil }
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    /// Heals everything, waits for agreement, and adds what the account of the clients says to the report.
    static func finish(
        _ report: inout Report, _ load: Load, _ cluster: TrialCluster, _ transport: NodeTransport
    ) async throws {
        cluster.healLinks()
        for node in cluster.nodes where cluster.isRunning(node) { cluster.goOn(node) }
        for node in cluster.nodes where !cluster.isRunning(node) { try cluster.start(node) }
        report.note("until all agree on the layout", try await cluster.awaitAgreement(transport))
        let end = try await load.judgeEnd()
        report.note("until all tell the same of every key", end.agreed)
        report.counts = load.counts
        report.problems += load.problems + end.problems
    }
}
