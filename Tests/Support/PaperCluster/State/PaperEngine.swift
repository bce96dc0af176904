/// Whose servers are played: what they call themselves, and what they can.
public enum PaperEngine: Sendable {
    /// With jobs that migrate slots (`CLUSTER MIGRATESLOTS`).
    case valkey9
    /// Slots move key by key.
    case redis7
    /// With tasks that import slots (`CLUSTER MIGRATION`).
    case redis84

    public var isValkey: Bool { self == .valkey9 }

    public var version: String {
        switch self {
        case .valkey9: "9.1.2"
        case .redis7: "7.0.15"
        case .redis84: "8.4.0"
        }
    }

    /// What the cluster command takes, apart from what is the same everywhere.
    var ownSubcommands: Set<String> {
        switch self {
        case .valkey9: ["MIGRATESLOTS", "GETSLOTMIGRATIONS", "CANCELSLOTMIGRATIONS", "SLOT-STATS", "MYSHARDID"]
        case .redis7: []
        case .redis84: ["MIGRATION", "SLOT-STATS", "MYSHARDID"]
        }
    }
}
