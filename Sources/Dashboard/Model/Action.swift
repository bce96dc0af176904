import ClusterModel
import TerminalUI
import Wording

/// The inputs of the dashboard's model: keys, answers, time.
public enum Action: Equatable, Sendable {
    case key(KeyEvent)
    case pasted(Paste)
    /// Input whose bytes are not UTF-8.
    case unreadable
    /// The terminal has told whether its background is light.
    case ground(isLight: Bool)
    /// A mouse event, and the screen element under the pointer; nil for none of use.
    case mouse(MouseEvent.Kind, Place?)
    case cost(OwnCost)
    /// A frame was drawn; for each list in it that can be scrolled, the number of lines beyond those shown.
    case drawn(overflow: [Place: Int])
    case snapshot(Cluster, Features)
    /// New events, and when they were read, by the dashboard's own clock; nil if their times are of that clock.
    case events([Event], atMilliseconds: UInt64? = nil)
    case tick(milliseconds: UInt64)
    case demo(DemoState)
    case planned(Goal, Plan)
    case planFailed(Goal, String)
    case located(KeyPlace)
    case locateFailed(key: String, String)
    /// The keys were read back after a reshard; nil if that could not be done.
    case readBack(operation: String, KeyCheck?)
    /// The position of a replay, and its contents there.
    case replayed(ReplayMoment)
    /// The recording has ended early, for this reason.
    case recordingEnded(String)
    /// An effect that the user started has ended, well or with a problem.
    case ended(Effect, problem: String?)
}

/// The requests of the model, for the runner to carry out.
public enum Effect: Equatable, Sendable {
    case plan(Goal)
    /// The plan is the one that the user saw and agreed to; nil if there was none to see.
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
    /// Poll at this rate from now on, beginning with a poll at once.
    case poll(everyMilliseconds: UInt64)
    /// Alert somebody: the verdict has changed.
    case alert(VerdictChange)
    /// Leave the terminal to the shell until the process is continued.
    case suspend
    case quit

    var isAlert: Bool { if case .alert = self { true } else { false } }

    /// The effect in words, for the log.
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
        case .traffic(let isOn): isOn ? "turn client traffic on" : "turn client traffic off"
        case .export(let path): "screen to \(path)"
        case .alert: "the command for alerts"
        case .mouse, .readBack, .poll, .replay, .suspend, .quit: ""
        }
    }

    /// The end of the effect in words, if nothing went wrong. A change is looked at before anybody says that it is done.
    var success: String { if case .perform = self { "carried out" } else { "done" } }
}
