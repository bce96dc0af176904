/// The questions that one server is asked in one go.
struct ServerAsk: Hashable, Sendable {
    struct Parts: OptionSet, Hashable, Sendable {
        let rawValue: UInt16

        /// Its own view of the cluster.
        static let view = Parts(rawValue: 1)
        /// Memory, operations, replication, and the state of the cluster in a few numbers.
        static let figures = Parts(rawValue: 2)
        /// How often its slots were changed: a cheap sign of whether its view is worth asking for.
        static let signs = Parts(rawValue: 4)
        /// Migrations as Valkey lists them.
        static let jobs = Parts(rawValue: 8)
        /// Migrations as Redis lists them.
        static let tasks = Parts(rawValue: 16)
        /// The commands that it supports, and the user as which this program is logged in.
        static let features = Parts(rawValue: 32)
        static let shards = Parts(rawValue: 64)
        /// Its fullest slots.
        static let heat = Parts(rawValue: 128)
        /// The commands that the user may not use.
        static let permissions = Parts(rawValue: 256)
    }

    /// The key of the record of it.
    let key: ServerAddress
    /// The address at which it is dialled.
    let dialled: ServerAddress
    var parts: Parts
    /// The user whose permissions are asked for.
    var user: String?

    /// Of each server's slots as many are asked for as are worth telling apart on a screen.
    static let hotSlots = 8

    private static let view = Command("CLUSTER", "NODES")
    private static let figures = [
        Command("CLUSTER", "MYID"), Command("CLUSTER", "INFO"), Command("INFO"), Command("DBSIZE"),
    ]
    private static let signs = Command("INFO", "commandstats")

    var commands: [Command] {
        var commands: [Command] = []
        if parts.contains(.view) { commands.append(Self.view) }
        if parts.contains(.figures) { commands += Self.figures }
        if parts.contains(.signs) { commands.append(Self.signs) }
        if parts.contains(.jobs) { commands.append(Command("CLUSTER", "GETSLOTMIGRATIONS")) }
        if parts.contains(.tasks) { commands.append(Command("CLUSTER", "MIGRATION", "STATUS", "ALL")) }
        if parts.contains(.features) { commands += [ServerFeatures.question, Command("ACL", "WHOAMI")] }
        if parts.contains(.shards) { commands.append(Command("CLUSTER", "SHARDS")) }
        if parts.contains(.heat) {
            commands.append(
                Command("CLUSTER", "SLOT-STATS", "ORDERBY", "KEY-COUNT", "LIMIT", "\(Self.hotSlots)", "DESC"))
        }
        if parts.contains(.permissions), let user {
            commands += ServerFeatures.trials.map { Command(["ACL", "DRYRUN", user] + $0.words) }
        }
        return commands
    }
}
