import ClusterModel
import TerminalUI

/// Everything that the screen shows and remembers. Changed by ``reduce(_:_:)`` alone.
public struct DashboardModel: Equatable, Sendable {
    public enum Pane: Equatable, Sendable, CaseIterable { case shards, migration, events }

    /// A layer over the screen that takes the keys.
    public enum Overlay: Equatable, Sendable {
        case help(filter: TextLine)
        case reshard(ReshardDialog)
        case confirmAbort(isConfirming: Bool)
        case addMember(AddMemberDialog)
        case locate(LocateDialog)
        /// A node's or a shard's particulars.
        case node(MemberID)
        case shard(ShardID)
        case prompt(Prompt)
        /// A goal for a cluster whose slots are dealt out, while the user chooses and confirms it.
        case goal(GoalDialog)
        /// The list of changes, and the index of the chosen one.
        case changes(selected: Int)
        /// The limit of what a change may move in a second.
        case pace(TextLine)
        /// The question whether to quit, if that ends something that runs.
        case confirmQuit(isConfirming: Bool)
        /// The findings on the cluster, and what can be done about them.
        case health
    }

    /// A line about an action of the user and its result.
    public struct LogLine: Equatable, Sendable {
        public var milliseconds: UInt64
        public var text: String
        public var isProblem: Bool
        /// The one who acted, or to whom it happened.
        public var who = "you"
    }

    /// The number of keys before and after a change of the layout, to compare.
    public struct KeysOfChange: Equatable, Sendable {
        public var operation: String
        /// The keys at the last poll under the old layout; nil if they could not be told then.
        public var before: Int?
        /// The keys when the change was done and all nodes agreed; nil until then. Later writes do not matter.
        public var after: Int?
        /// True if clients may have changed the number by writes meanwhile.
        public var clientsWrote = false
    }

    /// The keys read back after a reshard; the check is nil while it runs, and if it could not be made.
    public struct ReadBack: Equatable, Sendable {
        public let operation: String
        public private(set) var check: KeyCheck?
        public private(set) var isRunning = true
        let beganMilliseconds: UInt64
        /// How long it took; nil while it is running.
        private(set) var tookMilliseconds: UInt64?

        public init(operation: String, atMilliseconds now: UInt64) {
            (self.operation, beganMilliseconds) = (operation, now)
        }

        /// - Parameter check: nil if the keys could not be asked for.
        mutating func end(_ check: KeyCheck?, atMilliseconds now: UInt64) {
            (self.check, isRunning) = (check, false)
            tookMilliseconds = now - min(now, beganMilliseconds)
        }
    }

    public static let eventsMax = 1_000
    public static let logMax = 200
    /// The refresh rates to step through.
    static let pollStepsMilliseconds: [UInt64] = [100, 250, 500, 1_000, 2_000, 5_000, 10_000]

    /// The name of the watched cluster, for the header.
    public var name: String
    public var isReadOnly: Bool
    public var snapshot: Cluster? {
        didSet {
            shardMoves = ShardMoves(snapshot?.change)
            isMigrating = snapshot?.change.map { !$0.isOver } ?? false
        }
    }
    /// True while a change of the layout runs: polls come more often then. Stored, as each shard's line reads it.
    public private(set) var isMigrating = false
    /// The moves of the change in the snapshot.
    private(set) var shardMoves = ShardMoves()
    /// The snapshot, in the order of the screen.
    public var overview = Cluster(takenMilliseconds: 0) {
        didSet { refreshDigest() }
    }
    /// The digest of the overview, limited to what the filter lets through.
    private(set) var digest = ClusterDigest(
        Cluster(takenMilliseconds: 0), filter: NodeFilter(nil), conditions: ConditionWords(nil))
    /// The words for nodes' conditions: an injury done on purpose goes before what the node says.
    private(set) var conditions = ConditionWords(nil)
    /// The verdict on the cluster, by the last poll.
    public internal(set) var verdict = Verdict.ok
    var verdictWatch = VerdictWatch()
    public var history = PollHistory()
    public var flow = Flow()
    /// Nodes and events without this text are not shown; nil for none.
    public var filter: String? {
        didSet { if filter != oldValue { refreshDigest() } }
    }
    /// Commands typed before, the last one last.
    public var commandsGiven: [String] = []
    public var themeName = ThemeName.dark
    /// True if the user chose the theme, so that the terminal's background does not decide.
    public var isThemeChosen = false
    public var sortOrder = SortOrder.address
    /// The table of all nodes, in place of the shards' panels.
    public var table = NodeTable()
    public var hasMouse = true
    public var cost: OwnCost?
    /// Nil if the cluster is not this program's own.
    public var demo: DemoState? {
        didSet {
            let conditions = ConditionWords(demo)
            guard conditions != self.conditions else { return }
            self.conditions = conditions
            refreshDigest()
            judge()
        }
    }
    /// True if the next reshard is to wait for the user before each phase and batch.
    public var isStepping = false
    /// Operations a second of the clients' traffic.
    public var trafficHistory = RateSeries() {
        didSet { trafficScale = GraphScale([trafficHistory]) }
    }
    private(set) var trafficScale = GraphScale([])
    /// The time until which this program's own reads and writes show in the nodes' figures.
    var ownWorkUntilMilliseconds: UInt64 = 0
    /// The key whose way through the cluster is shown.
    public var followed: FollowedKey?
    public var features = Features.none
    public var events: [Event] = []
    public var log: [LogLine] = []
    /// Since 1970; moves with ``Action/tick(milliseconds:)`` and with every snapshot.
    public var nowMilliseconds: UInt64 = 0
    public var isFrozen = false
    /// The input held back since the screen was frozen.
    var held = Held()
    /// When this dashboard saw its first poll or tick, since 1970.
    public var startedMilliseconds: UInt64?
    /// The position of the replay; nil if a live cluster is watched.
    public var replay: ReplayPosition?
    /// True while polls are recorded into a file.
    public var isRecording = false
    /// Why the recording ended early: that stays on the screen.
    public var recordingProblem: String?
    /// True while the chosen panel has the whole screen.
    public var isZoomed = false
    public var pollMilliseconds: UInt64 = 1_000
    public var pane = Pane.shards
    /// The place among ``Cluster/members``.
    public var selection = 0
    /// Events scrolled back from the newest.
    public var eventScroll = 0
    /// Lines of the migration's report or list scrolled past.
    public var migrationScroll = 0
    public var overlay: Overlay? {
        didSet { if oldValue == nil { overlayScroll = 0 } }
    }
    /// Lines of the overlay scrolled past; if it has fewer, the last page is shown.
    public var overlayScroll = 0
    /// The progress of the change of the layout that the nodes tell of.
    public var changeWatch: ChangeWatch?
    public var keysOfChange: KeysOfChange?
    public var readBack: ReadBack?
    public var clientsOfChange: ClientsOfChange?
    /// True while the presenter's view is shown.
    public var isPresenting = false
    /// A finished reshard that was looked at long enough, or put away.
    public var dismissed: String?

    public init(name: String, isReadOnly: Bool = false) {
        self.name = name
        self.isReadOnly = isReadOnly
    }

    private mutating func refreshDigest() {
        digest = ClusterDigest(overview, filter: NodeFilter(filter), conditions: conditions)
        arrangeTable()
    }

    /// All members of the overview, in the order of the screen.
    public var members: [Member] { digest.members }

    /// True for a cluster of this program's own: its nodes can be injured.
    var isControlled: Bool { demo != nil && !isReadOnly }

    public var change: Change? { snapshot?.change }

    /// True once any node has answered: without one there is no cluster to show or to control.
    public var hasAnswer: Bool { snapshot?.hasMember(where: \.hasAnswered) ?? false }

    /// True if no node tells anything, and one answers that it does not tell it to this program.
    var isRefused: Bool {
        guard let snapshot, !snapshot.hasMember(where: \.isReachable) else { return false }
        return snapshot.hasMember { $0.isRefusing == true }
    }

    /// True while a node answers: without one nothing can be asked of the cluster.
    var isReached: Bool { snapshot?.hasMember(where: \.isReachable) ?? false }

    /// True while something moves on the screen by itself.
    public var isAnimated: Bool {
        if let replay { return replay.isPlaying }
        return !isFrozen && flow.isMoving(atMilliseconds: nowMilliseconds)
    }

    /// A reshard that ended this long before the dashboard started is not shown.
    static let newsMilliseconds: UInt64 = 60_000

    /// The reshard to show: a running one, or a recently ended one that was not put away.
    public var shownChange: Change? {
        guard let change, change.id != dismissed else { return nil }
        // The age of a change that was over before can be told only by its node's clock.
        if changeWatch?.wasOver == true, let finished = change.finishedMilliseconds, let startedMilliseconds,
            startedMilliseconds - min(startedMilliseconds, finished) > Self.newsMilliseconds
        {
            return nil
        }
        return change
    }

    /// The inferred change to show, if no node tells of one: it is seen now, or was, and was not put away.
    public var shownInferred: InferredChange? {
        guard change == nil, let change = snapshot?.inferred, change.id != dismissed else { return nil }
        return change
    }
}

/// A key that the user follows, and where it was seen last.
public struct FollowedKey: Equatable, Sendable {
    public var key: String
    public var location: KeyPlace?
    public var problem: String?
    /// True while the cluster is being asked.
    var isAsking = false
}

/// Choosing a shard count, seeing what it would do, and confirming it.
public struct ReshardDialog: Equatable, Sendable {
    public var shardCount: Int
    var goal: Goal { .shardCount(shardCount) }
    /// True after a digit was typed: the next one is added to it.
    public var isTyping = false
    public var plan = PlanPreview.none
    /// Cancel has the focus until the user moves it.
    public var isConfirming = false
    /// True if the user confirmed before there was a plan to see.
    public var isTooEarly = false
}

public struct AddMemberDialog: Equatable, Sendable {
    public var line: TextLine
    public var shard: ShardID
    public var isInAddress: Bool

    public var address: String {
        get { line.text }
        set { line = TextLine(newValue) }
    }

    public init(address: String, shard: ShardID, isInAddress: Bool) {
        (line, self.shard, self.isInAddress) = (TextLine(address), shard, isInAddress)
    }
}

public struct LocateDialog: Equatable, Sendable {
    public enum Answer: Equatable, Sendable {
        case none, asking
        case found(KeyPlace)
        case failed(String)
    }

    public var line: TextLine
    public var answer: Answer

    public init(key: String = "", answer: Answer = .none) { (line, self.answer) = (TextLine(key), answer) }

    public var key: String { line.text }
    /// The place of the key, once found.
    var location: KeyPlace? { if case .found(let location) = answer { location } else { nil } }
    var isFound: Bool { location != nil }
}
