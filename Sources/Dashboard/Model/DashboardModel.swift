import ClusterModel
import TerminalUI

/// Everything that the screen shows and remembers. Changed by ``reduce(_:_:)`` alone.
public struct DashboardModel: Equatable, Sendable {
    public enum Pane: Equatable, Sendable, CaseIterable { case shards, migration, events }

    /// What lies over the screen and takes the keys.
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
        /// What is to be done with a cluster whose slots are dealt out, before it is.
        case goal(GoalDialog)
        /// All that can be changed, and which of it is chosen.
        case changes(selected: Int)
        /// How much a change may move in a second.
        case pace(TextLine)
        /// Whether to leave, where that ends something that runs.
        case confirmQuit(isConfirming: Bool)
        /// How the cluster is, and what can be done about it.
        case health
    }

    /// A line of what the user did and what came of it.
    public struct LogLine: Equatable, Sendable {
        public var milliseconds: UInt64
        public var text: String
        public var isProblem: Bool
        /// Who did it, or whom it happened to.
        public var who = "you"
    }

    /// The keys of a cluster round a change of its layout, to compare.
    public struct KeysOfChange: Equatable, Sendable {
        public var operation: String
        /// Those it held when it was polled last under the old layout; nil where nobody could tell then.
        public var before: Int?
        /// Those it held when all was done and all nodes agreed; nil until then. What clients do later is no matter.
        public var after: Int?
        /// True where the number may have changed by what clients wrote meanwhile.
        public var clientsWrote = false
    }

    /// The keys read back after a reshard; the check is nil while it runs, and where it could not be made.
    public struct ReadBack: Equatable, Sendable {
        public var operation: String
        public var check: KeyCheck?
        public var isRunning: Bool
    }

    public static let eventsMax = 1_000
    public static let logMax = 200
    /// The refresh rates to step through.
    static let pollStepsMilliseconds: [UInt64] = [100, 250, 500, 1_000, 2_000, 5_000, 10_000]

    /// What is watched, for the header.
    public var name: String
    public var isReadOnly: Bool
    public var snapshot: Cluster? {
        didSet {
            shardMoves = ShardMoves(snapshot?.change)
            isMigrating = snapshot?.change.map { !$0.isOver } ?? false
        }
    }
    /// True while a change of the layout runs: then the polls come quicker. Each shard's line asks for it.
    public private(set) var isMigrating = false
    /// Of the change in the snapshot.
    private(set) var shardMoves = ShardMoves()
    /// The same, in the order of the screen.
    public var overview = Cluster(takenMilliseconds: 0) {
        didSet { refreshDigest() }
    }
    /// Of the overview, of what the filter lets through.
    private(set) var digest = ClusterDigest(
        Cluster(takenMilliseconds: 0), filter: NodeFilter(nil), conditions: ConditionWords(nil))
    /// What was done to nodes on purpose goes before what they say.
    private(set) var conditions = ConditionWords(nil)
    /// How the cluster is, by the last poll.
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
    /// True where somebody chose it, and the terminal's ground decides nothing.
    public var isThemeChosen = false
    public var sortOrder = SortOrder.address
    /// All nodes in a table, in place of the shards' panels.
    public var table = NodeTable()
    public var hasMouse = true
    public var cost: OwnCost?
    /// Nil where the cluster is not this program's own.
    public var demo: DemoState? {
        didSet {
            let conditions = ConditionWords(demo)
            guard conditions != self.conditions else { return }
            self.conditions = conditions
            refreshDigest()
            judge()
        }
    }
    /// True where the next reshard is to wait for the user before each phase and batch.
    public var isStepping = false
    /// Operations a second of the clients' traffic.
    public var trafficHistory = RateSeries() {
        didSet { trafficScale = GraphScale([trafficHistory]) }
    }
    private(set) var trafficScale = GraphScale([])
    /// Until then this program's own reads and writes are in what nodes tell.
    var ownWorkUntilMilliseconds: UInt64 = 0
    /// The key whose way through the cluster is shown.
    public var followed: FollowedKey?
    public var features = Features.none
    public var events: [Event] = []
    public var log: [LogLine] = []
    /// Since 1970; moves with ``Action/tick(milliseconds:)`` and with every snapshot.
    public var nowMilliseconds: UInt64 = 0
    public var isFrozen = false
    /// What came since the screen was frozen.
    var held = Held()
    /// When this dashboard saw its first poll or tick, since 1970.
    public var startedMilliseconds: UInt64?
    /// Where the replay is; nil where a cluster is watched.
    public var replay: ReplayPosition?
    /// True while what is polled goes into a file.
    public var isRecording = false
    /// Why the recording ended before its end: that stays said.
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
    /// Lines of the overlay scrolled past; where there are fewer, the last page is shown.
    public var overlayScroll = 0
    /// When the change of the layout that the nodes tell of was seen to go on.
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

    /// All of the overview's, in the order of the screen.
    public var members: [Member] { digest.members }

    /// True for a cluster of this program's own: its nodes can be injured.
    var isControlled: Bool { demo != nil && !isReadOnly }

    public var change: Change? { snapshot?.change }

    /// True once any node has answered: without one there is no cluster to show or to control.
    public var hasAnswer: Bool { snapshot?.hasMember(where: \.hasAnswered) ?? false }

    /// True while a node answers: without one nothing can be asked of the cluster.
    var isReached: Bool { snapshot?.hasMember(where: \.isReachable) ?? false }

    /// True while something moves on the screen by itself.
    public var isAnimated: Bool {
        if let replay { return replay.isPlaying }
        return !isFrozen && flow.isMoving(atMilliseconds: nowMilliseconds)
    }

    /// A reshard that ended so long before the dashboard began is no news.
    static let newsMilliseconds: UInt64 = 60_000

    /// The reshard to show: a running one, or one that has ended lately and was not put away.
    public var shownChange: Change? {
        guard let change, change.id != dismissed else { return nil }
        // Of those that were over before alone its node's clock can say how old they are.
        if changeWatch?.wasOver == true, let finished = change.finishedMilliseconds, let startedMilliseconds,
            startedMilliseconds - min(startedMilliseconds, finished) > Self.newsMilliseconds
        {
            return nil
        }
        return change
    }

    /// The change to show of those that no node tells of: one that is seen now, or was, and was not put away.
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
    /// True where the user confirmed before there was anything to see.
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
    /// Why it cannot be asked for.
    var location: KeyPlace? { if case .found(let location) = answer { location } else { nil } }
    var isFound: Bool { location != nil }
}
