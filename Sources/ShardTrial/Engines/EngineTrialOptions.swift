import LocalServers

/// The options of a trial of Valkey or Redis clusters.
package struct EngineTrialOptions: Sendable {
    /// The process that is killed in the middle of a migration.
    package enum Victim: String, CaseIterable, Sendable { case source, target, shardtop }

    /// How the slots move.
    package enum Way: String, CaseIterable, Sendable {
        /// By jobs of the servers, which hand slots over whole. Redis before 8.4 knows none.
        case atomic
        /// Slot by slot, their keys with MIGRATE.
        case classic
    }

    /// The `shardtop` to run.
    package var program: String
    package var engines = ServerEngine.allCases
    package var victims = Victim.allCases
    package var ways = Way.allCases
    /// Kills of each kind.
    package var times = 10
    package var clients = 64
    package var clientOperationsPerSecond = 1_000

    package init(program: String) { self.program = program }

    func ways(of engine: ServerEngine) -> [Way] { ways.filter { engine == .valkey || $0 == .classic } }
}

extension ServerEngine {
    /// The scheme of its addresses.
    var scheme: String { rawValue }
}
