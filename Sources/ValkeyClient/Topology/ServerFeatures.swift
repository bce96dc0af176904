/// The commands that a server supports, by what it says of them and not by its version.
public struct ServerFeatures: Hashable, Sendable {
    /// Whether a command can be had.
    public enum Presence: Hashable, Sendable {
        case present, absent
        /// It was not told; trying it will.
        case unknown
        /// The server has it, and this user may not use it: the server's words.
        case denied(String)

        public var isPresent: Bool { self == .present }
    }

    /// Commands of which some servers have one and others none. The text is as in `COMMAND INFO`.
    public enum Feature: String, CaseIterable, Hashable, Sendable {
        /// Valkey from 9.0: a job that moves slots whole.
        case migrateSlots = "cluster|migrateslots"
        case listSlotMigrations = "cluster|getslotmigrations"
        case cancelSlotMigrations = "cluster|cancelslotmigrations"
        /// Redis from 8.4: the same as tasks, asked of the target.
        case migration = "cluster|migration"
        case slotStatistics = "cluster|slot-stats"
        case shards = "cluster|shards"
        case setSlot = "cluster|setslot"
        case migrateKeys = "migrate"
        case failover = "cluster|failover"
        case meet = "cluster|meet"
        case forget = "cluster|forget"
        case replicate = "cluster|replicate"
        case reset = "cluster|reset"
        case trial = "acl|dryrun"

        /// Its words, the command first.
        public var words: [String] { rawValue.uppercased().split(separator: "|").map(String.init) }
    }

    private var presence: [Feature: Presence] = [:]

    /// Nothing is known yet.
    public init() {}

    public subscript(feature: Feature) -> Presence {
        get { presence[feature] ?? .unknown }
        set { presence[feature] = newValue }
    }

    /// Answers to it go to ``init(_:)``.
    public static let question = Command(["COMMAND", "INFO"] + Feature.allCases.map(\.rawValue))

    /// Reads an answer to ``question``.
    ///
    /// Servers before 7.0 do not list parts of commands, and so all they have of them is unknown. A user that may not ask
    /// is told nothing.
    public init(_ reply: RESPValue) {
        guard let entries = reply.elements, entries.count == Feature.allCases.count else { return }
        let listsParts = zip(Feature.allCases, entries).contains { $0.rawValue.contains("|") && $1.elements != nil }
        for (feature, entry) in zip(Feature.allCases, entries) where listsParts || !feature.rawValue.contains("|") {
            presence[feature] = entry.elements != nil ? .present : .absent
        }
    }

    /// Commands that change something, as `ACL DRYRUN` tries them: whether the user may, without doing it.
    static let trials: [(feature: Feature, words: [String])] = [
        (.migrateSlots, ["CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", "0", "0", "NODE", "x"]),
        (.cancelSlotMigrations, ["CLUSTER", "CANCELSLOTMIGRATIONS"]),
        (.migration, ["CLUSTER", "MIGRATION", "IMPORT", "0", "0"]), (.setSlot, ["CLUSTER", "SETSLOT", "0", "STABLE"]),
        (.migrateKeys, ["MIGRATE", "x", "1", "", "0", "1", "KEYS", "x"]), (.failover, ["CLUSTER", "FAILOVER"]),
        (.meet, ["CLUSTER", "MEET", "x", "1"]), (.forget, ["CLUSTER", "FORGET", "x"]),
        (.replicate, ["CLUSTER", "REPLICATE", "x"]), (.reset, ["CLUSTER", "RESET", "SOFT"]),
    ]

    /// Takes in the answers to ``trials``, in their order. Of a server that does not try, or does not know the command,
    /// nothing is learnt.
    mutating func learn(trials replies: [RESPValue]) {
        for (trial, reply) in zip(Self.trials, replies) where self[trial.feature] != .absent {
            guard let text = reply.text, !reply.isOK else { continue }
            self[trial.feature] = .denied(text.printable(charactersMax: 200))
        }
    }

    /// Takes in how a server answered to the command itself, which counts for more than what it lists.
    public mutating func learn(_ feature: Feature, from reply: RESPValue) {
        guard let error = reply.error else {
            presence[feature] = .present
            return
        }
        let detail = error.detail.lowercased()
        if error.code == "NOPERM" {
            presence[feature] = .denied(error.message)
        } else if detail.hasPrefix("unknown command") || detail.hasPrefix("unknown subcommand") {
            presence[feature] = .absent
        }
    }
}
