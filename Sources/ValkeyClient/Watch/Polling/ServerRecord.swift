import ClusterModel

/// All that is known of one server. It is kept behind a reference, and so is cheap to copy: a watch of 1,000 servers
/// goes through them several times at each poll.
@dynamicMemberLookup
struct ServerRecord: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        /// The name by which the cluster knows it; of a seed that has not answered, the address at which it is dialled.
        fileprivate(set) var key: ServerAddress
        /// The addresses at which it may be dialled, in turn, and which of these is next or works.
        fileprivate(set) var places: [ServerAddress]
        fileprivate(set) var place = 0
        var isSeed: Bool
        var id: NodeID?

        /// Counts the changes of what is known of it.
        var revision = 0
        /// The parts that it is being asked for now; nil while it is left alone.
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
        /// Why it did not answer the last time; nil if it did.
        var problem: ServerError?
        /// The refusals that it gave the last time that it was asked for its figures.
        var refusals: [ServerError] = []

        fileprivate(set) var view: NodesView?
        fileprivate(set) var viewMilliseconds: UInt64 = 0
        var state: ClusterState?
        fileprivate(set) var info: ServerInfo?
        /// Engine and version, by which servers are alike.
        fileprivate(set) var kind = ""
        /// Its figures of itself, for people.
        fileprivate(set) var facts: [Fact] = []
        var figuresMilliseconds: UInt64 = 0
        var keys: Int?
        var jobs: [SlotJob] = []
        var heat: [SlotStatistics] = []
        fileprivate(set) var rates = ServerRates()
        /// Its view is asked at each poll until then, as it showed a sign of a change.
        var hotUntilMilliseconds: UInt64 = 0
    }

    private final class Storage: Sendable {
        let entry: Entry
        init(_ entry: Entry) { self.entry = entry }
    }

    private var storage: Storage

    subscript<Value>(dynamicMember path: KeyPath<Entry, Value>) -> Value { storage.entry[keyPath: path] }

    subscript<Value>(dynamicMember path: WritableKeyPath<Entry, Value>) -> Value {
        get { storage.entry[keyPath: path] }
        set { change { $0[keyPath: path] = newValue } }
    }

    /// Several changes of it at the price of one.
    mutating func change(_ change: (inout Entry) -> Void) {
        var entry = storage.entry
        change(&entry)
        storage = Storage(entry)
    }

    static func == (left: Self, right: Self) -> Bool {
        left.storage === right.storage || left.storage.entry == right.storage.entry
    }

    func hash(into hasher: inout Hasher) { hasher.combine(storage.entry) }

    /// Its slots are on their way, or were a moment ago: it shows a sign of that for so long.
    static let hotMilliseconds: UInt64 = 10_000

    init(key: ServerAddress, places: [ServerAddress], isSeed: Bool, namedMilliseconds: UInt64) {
        storage = Storage(
            Entry(
                key: key, places: places.isEmpty ? [key] : places, isSeed: isSeed,
                namedMilliseconds: namedMilliseconds))
    }

    var dialled: ServerAddress { self.places[self.place % self.places.count] }
    var isReachable: Bool { storage.entry.problem == nil && self.answeredMilliseconds != nil }

    /// Tries the next place. False if that begins anew at the first.
    mutating func tryNextPlace() -> Bool {
        self.place = (self.place + 1) % self.places.count
        return self.place != 0
    }

    /// A place to dial that was not known before is tried after the others.
    mutating func add(place: ServerAddress) {
        guard !self.places.contains(place), self.places.count < 4 else { return }
        self.places.append(place)
    }

    /// The same under the name by which the cluster knows it.
    func renamed(to name: ServerAddress, places: [ServerAddress]) -> ServerRecord {
        var copy = self
        copy.change { ($0.key, $0.places, $0.place) = (name, places, 0) }
        return copy
    }

    mutating func take(view: NodesView, _ now: UInt64) {
        change { ($0.view, $0.viewMilliseconds) = (view, now) }
    }

    mutating func dropView() { self.view = nil }

    /// - Returns: true if they show that slots were, or are being, moved.
    mutating func take(info: ServerInfo, _ now: UInt64) -> Bool {
        let before = self.info
        change {
            ($0.info, $0.figuresMilliseconds) = (info, now)
            $0.rates.take(info, now)
            $0.kind = "\(info.engine.rawValue) \(info.version ?? "")"
            $0.facts = ServerFacts.all(info, $0.rates)
        }
        guard let before, before.runID == info.runID else { return false }
        return before.slotChanges != info.slotChanges && before.slotChanges != nil && info.slotChanges != nil
            || before.slotBytesSent != info.slotBytesSent || before.slotBytesReceived != info.slotBytesReceived
    }
}
