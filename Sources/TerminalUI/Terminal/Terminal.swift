import CNcurses
import CTerminalGuard

/// The terminal of this process.
///
/// ncurses keeps one screen for a process and is not made for threads, so all of this runs on the main actor and only
/// one terminal can be started at a time. Between ``start(noColor:)`` and ``stop()`` nothing else may write to the
/// terminal. It is given back by ``stop()``, at `exit`, and, as far as a signal handler can, in a crash.
///
/// Nothing here waits for the terminal: of one that takes no output only the newest canvas is kept for when it does.
@MainActor
public final class Terminal: Screen {
    public enum Failure: Error, Sendable, CustomStringConvertible {
        case notATerminal
        case unfit(String)
        case alreadyStarted
        case anotherJob

        public var description: String {
            switch self {
            case .notATerminal: "standard input and output are not a terminal"
            case .unfit(let words): words
            case .alreadyStarted: "the terminal is in use already"
            case .anotherJob: "the terminal is another job's; start shardtop in the foreground"
            }
        }
    }

    /// How long a terminal that takes no output is waited for before it is given up, where the program leaves it.
    private static let farewellMilliseconds: Int32 = 200

    public let inputs: AsyncStream<ScreenInput>
    public private(set) var size = Size(width: 0, height: 0)
    public var depth: ColorDepth { curses?.depth ?? .none }

    private let kind = TerminalKind.current
    private var curses: CursesScreen?
    private var pump: OutputPump?
    private var descriptor: Int32 = -1
    /// The shell's modes.
    private var modes: TerminalModes?
    private var hasMouse = false
    /// True while the shell or another job has the terminal.
    private var isAway = false
    /// True from ``suspend()`` until the process goes on.
    private var isSuspended = false
    /// True once a signal or ``stop()`` ends it: then no stop by the shell's rules may delay that.
    var isEnding = false
    /// The canvas that could not be shown yet.
    private var waiting: Canvas?
    private var watcher: InputWatcher?
    let feed: AsyncStream<ScreenInput>.Continuation

    var decoder = InputDecoder()
    var flushing: Task<Void, Never>?
    var question = OpenQuestion()

    public init() {
        (inputs, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4096))
    }

    /// True if more than ASCII can be shown. Sets the process's locale.
    public static func hasUnicode() -> Bool { TerminalLocale.set() }

    /// Waits until the terminal is this job's, as the shell's `fg` makes it: a process in the background is stopped, as
    /// if it had written.
    public nonisolated static func awaitForeground() throws {
        var inVain = 0
        while !TerminalJob.isInForeground {
            let asked = ContinuousClock.now
            guard_stop_background_group()
            usleep(20_000)
            // The system does not stop a process that nobody could continue, as without a shell.
            inVain = ContinuousClock.now - asked < .milliseconds(100) ? inVain + 1 : 0
            if inVain > 3 { throw Failure.anotherJob }
        }
    }

    /// Takes the terminal.
    /// - Parameter noColor: write no colour, whatever the terminal has; `NO_COLOR` in the environment says the same.
    public func start(noColor: Bool) throws {
        guard curses == nil else { throw Failure.alreadyStarted }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw Failure.notATerminal }
        if let problem = kind.problem { throw Failure.unfit(problem) }
        guard TerminalJob.isInForeground else { throw Failure.anotherJob }
        _ = TerminalLocale.set(kind: kind)
        descriptor = guard_open_terminal(STDOUT_FILENO)
        modes = TerminalModes.current(descriptor)
        let signals = guard_watch_signals()
        guard let opened = CursesScreen(noColor: noColor) else { throw Failure.unfit("TERM: \(kind.name)") }
        // ncurses has taken some of them to itself.
        guard_rewatch_signals()
        curses = opened
        let pump = OutputPump(descriptor)
        pump.onRoom = { [weak self] in self?.presentWaiting() }
        pump.onLoss = { [weak self] in self?.lose() }
        self.pump = pump
        decoder = InputDecoder(keys: KeySequences(named: Capability.keys()))
        takeModes()
        updateSize()
        send(greeting)
        watcher = InputWatcher(signals: signals) { [weak self] source in self?.receive(source) }
    }

    /// Gives the terminal back. May be called more than once.
    public func stop() {
        guard let curses else { return }
        flushing?.cancel()
        isEnding = true
        if !isAway { awaitAnswer() }
        watcher?.stop()
        watcher = nil
        guard_unwatch_signals()
        if isAway || !TerminalJob.isInForeground { guard_disarm() } else { giveBack(curses) }
        pump?.stop()
        pump = nil
        curses.close()
        self.curses = nil
        feed.finish()
    }

    public func present(_ canvas: Canvas) {
        guard let curses, let pump, !isSuspended else { return }
        guard TerminalJob.isInForeground else {
            isAway = true
            return
        }
        if isAway { comeBack() }
        // A frame that was begun is sent whole, since half a sequence is none; the frames behind it make room.
        waiting = pump.isWaiting ? canvas : nil
        if waiting == nil { pump.send(curses.draw(canvas, on: size)) }
    }

    public func suspend() {
        guard let curses, !isAway else { return }
        giveBack(curses)
        isAway = true
        isSuspended = true
        // Ends here until the shell continues the process, and maybe a little later: other threads run on for a
        // moment. So the terminal is taken again where SIGCONT is heard, not here.
        guard_stop_process()
    }

    public func setMouse(_ isOn: Bool) {
        guard hasMouse != isOn else { return }
        hasMouse = isOn
        if curses != nil, !isAway { send(mouseMode) }
    }

    public func ring() {
        if curses != nil, !isAway { send("\u{07}") }
    }

    public func invalidate() { curses?.forget() }

    func stopInBackground() {
        isAway = true
        guard_stop_background_group()
    }

    func send(_ text: String) { pump?.send(Array(text.utf8)) }

    private func presentWaiting() {
        guard let canvas = waiting else { return }
        waiting = nil
        present(canvas)
    }

    func lose() {
        watcher?.stop()
        pump?.stop()
        guard_disarm()
        feed.yield(.lost)
    }

    // MARK: Taking it and giving it back

    private func takeModes() {
        let farewell = Capability.farewell(mouseModes + pasteModes)
        _ = guard_arm(descriptor, farewell, farewell.utf8.count)
        modes?.fullScreen.apply(descriptor)
    }

    private func giveBack(_ curses: CursesScreen) {
        let farewell = (pasteModes + mouseModes).map { "\u{1B}[?\($0)l" }.joined()
        pump?.send(Array(farewell.utf8) + curses.leave())
        if pump?.drain(withinMilliseconds: Self.farewellMilliseconds) == true {
            guard_disarm()
            modes?.apply(descriptor)
        } else {
            guard_restore()
        }
        pump?.stop()
        waiting = nil
    }

    /// After a stop: the shell may have set the terminal up in another way meanwhile.
    func comeBack() {
        guard let curses else { return }
        if isSuspended { modes = TerminalModes.current(descriptor) ?? modes }
        isSuspended = false
        isAway = false
        // The bytes that leave the screen were written before the stop, or are of no use after it; ncurses must believe
        // that it wrote them.
        _ = curses.leave()
        takeModes()
        send(greeting)
        updateSize()
    }

    // Those that say nothing about a mouse have none.
    private var mouseModes: [Int] { kind.isLikeXterm && !Capability.text("kmous").isEmpty ? [1000, 1006] : [] }
    private var pasteModes: [Int] { kind.isLikeXterm ? [2004] : [] }
    private var mouseMode: String { mouseModes.map { "\u{1B}[?\($0)\(hasMouse ? "h" : "l")" }.joined() }
    private var greeting: String {
        Capability.text("smkx") + pasteModes.map { "\u{1B}[?\($0)h" }.joined() + (hasMouse ? mouseMode : "")
    }

    func updateSize() {
        var columns: Int32 = 0
        var rows: Int32 = 0
        // A terminal that does not know its size is taken for what its description says.
        if shim_window_size(&columns, &rows) == 0 { (columns, rows) = (shim_columns(), shim_rows()) }
        let found = Size(width: min(1_000, Int(columns)), height: min(1_000, Int(rows)))
        guard found != size else { return }
        size = found
        curses?.resize(found)
        feed.yield(.resized(found))
    }
}
