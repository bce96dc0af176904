import ClusterModel
import TerminalUI
import Wording

/// What happens to the dashboard.
public enum Action: Equatable, Sendable {
    case key(KeyEvent)
    case pasted(Paste)
    /// Something was typed whose bytes are no UTF-8.
    case unreadable
    /// The terminal has told which ground it has.
    case ground(isLight: Bool)
    /// The mouse, and what is under it; nil for nothing of use.
    case mouse(MouseEvent.Kind, Place?)
    case cost(OwnCost)
    /// A frame was drawn, and what can be scrolled in it has so many lines beyond those shown.
    case drawn(overflow: [Place: Int])
    case snapshot(Cluster, Features)
    /// Events that are new, and when they were read, by the dashboard's own clock; nil for events whose times are as
    /// good as its own.
    case events([Event], atMilliseconds: UInt64? = nil)
    case tick(milliseconds: UInt64)
    case demo(DemoState)
    case planned(Goal, Plan)
    case planFailed(Goal, String)
    case located(KeyPlace)
    case locateFailed(key: String, String)
    /// The keys were read back after a reshard; nil where that could not be done.
    case readBack(operation: String, KeyCheck?)
    /// Where a replay is, and what it shows.
    case replayed(ReplayMoment)
    /// No more is recorded: why.
    case recordingEnded(String)
    /// What the user started has ended: well, or with a problem.
    case ended(Effect, problem: String?)
}

/// What the dashboard wants done.
public enum Effect: Equatable, Sendable {
    case plan(Goal)
    /// The plan is what the user saw of it and agreed to; nil where there was none to see.
    case perform(Goal, seen: Plan? = nil)
    case step(StepOrder)
    case abort
    case pace(keysPerSecond: Int?)
    case locate(key: String)
    case kill(MemberID)
    case restart(MemberID)
    case pause(MemberID, isPaused: Bool)
    case isolate(MemberID, isIsolated: Bool)
    case startNode
    case traffic(Bool)
    /// Write the screen as it is shown into a file.
    case export(String)
    /// Take the mouse, or leave it to the terminal.
    case mouse(Bool)
    /// Read the keys back after this reshard.
    case readBack(operation: String)
    case replay(ReplayOrder)
    /// Poll at this rate from now on, and once at once.
    case poll(everyMilliseconds: UInt64)
    /// Call somebody: the verdict is another one.
    case alert(VerdictChange)
    /// Leave the terminal to the shell until the process is continued.
    case suspend
    case quit

    var isAlert: Bool { if case .alert = self { true } else { false } }

    /// For the log.
    var words: String {
        switch self {
        case .plan(let goal): "dry run: \(goal.words)"
        case .perform(let goal, _): goal.words
        case .step(let command): command == .off ? "go on without steps" : "step"
        case .abort: "abort"
        case .pace(let keys):
            keys.map { "changes: at most \(Figures.plural($0, "key")) a second" } ?? "changes: no limit"
        case .locate(let key): "where is \(key)"
        case .kill(let node): "kill -9 \(node)"
        case .restart(let node): "start \(node) again"
        case .pause(let node, let isPaused): isPaused ? "pause \(node)" : "let \(node) go on"
        case .isolate(let node, let isIsolated):
            isIsolated ? "cut \(node) off from its peers" : "connect \(node) again"
        case .startNode: "start one node more"
        case .traffic(let isOn): isOn ? "client traffic on" : "client traffic off"
        case .export(let path): "screen to \(path)"
        case .alert: "the command for alerts"
        case .mouse, .readBack, .poll, .replay, .suspend, .quit: ""
        }
    }
}
