import ClusterModel

/// All that is known of a cluster, and whom to ask next for what. Pure: it is told what was answered, and when.
struct ClusterWatch: Sendable {
    let setup: WatchSetup
    /// By the name by which the cluster knows them; of seeds that have not answered, where they are dialled.
    var records: [ServerAddress: ServerRecord] = [:]
    /// As of the last merge; nil until anybody answered.
    var topology: Topology?
    /// Counts the topologies that differed from the one before.
    var topologyNumber = 0
    /// All that is wrong with that topology.
    var foundProblems: [Topology.Problem] = []
    /// Of those that were seen twice, so that word that is spreading is not taken for trouble.
    var problems: [Topology.Problem] = []
    var shardNames = ShardNames()
    var foreign = ForeignMigration()
    /// By engine and version: one server speaks for all of its kind.
    var features: [String: ServerFeatures] = [:]
    var featuresAsked: Set<String> = []
    var settling = SettlingProblems()
    var events: [Event] = []
    var figuresBegunMilliseconds: UInt64 = 0
    var viewerBegunMilliseconds: UInt64 = 0
    var lastViewer: ServerAddress?
    var shardsAskedMilliseconds: UInt64?
    var hasNewView = false

    /// More events are not kept for those who do not fetch them.
    static let eventsMax = 10_000
    /// A view of a large cluster is merged for so long: those of a few nodes asked in turn together.
    static let viewAgeMax: UInt64 = 6_000
    /// A node that differs is asked again for so long.
    static let doubtMilliseconds: UInt64 = 3_000
    /// A node that is in no view for so long is forgotten.
    static let retentionMilliseconds: UInt64 = 3_000
    static let shardsMilliseconds: UInt64 = 5_000
    static let heatMilliseconds: UInt64 = 10_000

    init(seeds: [ServerAddress], setup: WatchSetup, now: UInt64) {
        self.setup = setup
        for seed in seeds.prefix(setup.nodesMax) {
            records[seed] = ServerRecord(
                key: seed, places: [setup.reach[seed] ?? seed], isSeed: true, namedMilliseconds: now)
        }
    }

    /// More nodes than are asked for their views at each poll.
    var isWide: Bool { records.count > setup.viewsMax }

    /// Whether something was seen once that counts only when it is seen again.
    var holdsBack: Bool { settling.isWaiting }

    /// When the newest view was told.
    var topologyMilliseconds: UInt64 { records.values.map(\.viewMilliseconds).max() ?? 0 }

    /// The commands that the server of this node supports, as far as known.
    func features(of record: ServerRecord) -> ServerFeatures { features[record.kind] ?? ServerFeatures() }

    /// Events since the last time.
    mutating func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }
}
