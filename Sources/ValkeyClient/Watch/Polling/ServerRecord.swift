import ClusterModel

/// What is known of one server.
struct ServerRecord: Hashable, Sendable {
    /// By which name the cluster knows it; of a seed that has not answered, where it is dialled.
    private(set) var key: ServerAddress
    /// Where it may be dialled, in turn, and which of these is next or works.
    private(set) var places: [ServerAddress]
    private(set) var place = 0
    var isSeed: Bool
    var id: NodeID?

    /// Counts the changes of what is known of it.
    var revision = 0
    /// What it is being asked now; nil while it is left alone.
    var asking: ServerAsk.Parts?
    /// When it was asked last for its figures, for its view, for its slots; 0 for never.
    var figuresAskedMilliseconds: UInt64 = 0
    var viewAskedMilliseconds: UInt64 = 0
    var heatAskedMilliseconds: UInt64 = 0

    /// When somebody named it last.
    var namedMilliseconds: UInt64
    /// When it answered last; nil for never.
    var answeredMilliseconds: UInt64?
    var pollMicroseconds: UInt64?
    /// Why it did not answer the last time; nil where it did.
    @Boxed var problem: ServerError? = nil
    /// What it would not tell the last time that it was asked for everything.
    var refusals: [ServerError] = []

    @Boxed private(set) var view: NodesView? = nil
    private(set) var viewMilliseconds: UInt64 = 0
    @Boxed var state: ClusterState? = nil
    @Boxed private(set) var info: ServerInfo? = nil
    /// Engine and version, by which servers are alike.
    private(set) var kind = ""
    /// What it tells of itself, for people.
    private(set) var facts: [Fact] = []
    var figuresMilliseconds: UInt64 = 0
    var keys: Int?
    var jobs: [SlotJob] = []
    var heat: [SlotStatistics] = []
    @Boxed private(set) var rates = ServerRates()
    /// Its view is asked at each poll until then, as it showed a sign of a change.
    var hotUntilMilliseconds: UInt64 = 0

    /// Its slots are on their way, or were a moment ago: it shows a sign of that for so long.
    static let hotMilliseconds: UInt64 = 10_000

    init(key: ServerAddress, places: [ServerAddress], isSeed: Bool, namedMilliseconds: UInt64) {
        self.key = key
        self.places = places.isEmpty ? [key] : places
        self.isSeed = isSeed
        self.namedMilliseconds = namedMilliseconds
    }

    var dialled: ServerAddress { places[place % places.count] }
    var isReachable: Bool { problem == nil && answeredMilliseconds != nil }

    /// Tries the next place. False where that begins anew at the first.
    mutating func tryNextPlace() -> Bool {
        place = (place + 1) % places.count
        return place != 0
    }

    /// A place to dial that was not known before is tried after the others.
    mutating func add(place: ServerAddress) {
        guard !places.contains(place), places.count < 4 else { return }
        places.append(place)
    }

    /// The same under the name by which the cluster knows it.
    func renamed(to name: ServerAddress, places: [ServerAddress]) -> ServerRecord {
        var copy = self
        (copy.key, copy.places, copy.place) = (name, places, 0)
        return copy
    }

    mutating func take(view: NodesView, _ now: UInt64) {
        self.view = view
        viewMilliseconds = now
    }

    mutating func dropView() { view = nil }

    /// - Returns: true where they show that slots were, or are being, moved.
    mutating func take(info: ServerInfo, _ now: UInt64) -> Bool {
        defer {
            self.info = info
            figuresMilliseconds = now
        }
        rates.take(info, now)
        kind = "\(info.engine.rawValue) \(info.version ?? "")"
        facts = ServerFacts.all(info, rates)
        guard let before = self.info, before.runID == info.runID else { return false }
        return before.slotChanges != info.slotChanges && before.slotChanges != nil && info.slotChanges != nil
            || before.slotBytesSent != info.slotBytesSent || before.slotBytesReceived != info.slotBytesReceived
    }
}

/// What a server did between two answers.
struct ServerRates: Hashable, Sendable {
    /// Of the reads of keys, how many found one, 0 ... 1; nil until there was a read.
    private(set) var hitRate: Double?
    private(set) var evictionsPerSecond: Double?
    private var last: ServerInfo?
    private var lastMilliseconds: UInt64 = 0

    /// Closer answers say nothing of a rate.
    private static let spanMillisecondsMin: UInt64 = 500

    mutating func take(_ info: ServerInfo, _ now: UInt64) {
        guard let before = last, before.runID == info.runID, now > lastMilliseconds else {
            hitRate = Self.share(info.hits, info.misses)
            evictionsPerSecond = nil
            (last, lastMilliseconds) = (info, now)
            return
        }
        let span = now - lastMilliseconds
        guard span >= Self.spanMillisecondsMin else { return }
        let hits = Self.growth(before.hits, info.hits)
        let misses = Self.growth(before.misses, info.misses)
        hitRate = Self.share(hits, misses) ?? hitRate ?? Self.share(info.hits, info.misses)
        evictionsPerSecond = Self.growth(before.evictedKeys, info.evictedKeys).map { Double($0) * 1_000 / Double(span) }
        (last, lastMilliseconds) = (info, now)
    }

    private static func growth(_ before: UInt64?, _ after: UInt64?) -> UInt64? {
        guard let before, let after, after >= before else { return nil }
        return after - before
    }

    private static func share(_ hits: UInt64?, _ misses: UInt64?) -> Double? {
        guard let hits, let misses, hits > 0 || misses > 0 else { return nil }
        return Double(hits) / (Double(hits) + Double(misses))
    }
}
