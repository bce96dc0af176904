import CNcurses
import CTerminalGuard

/// The terminal of this process, through ncurses: the only place that calls it.
///
/// ncurses keeps one screen for a process and is not made for threads, so all of this runs on the main actor and only
/// one terminal can be started at a time. Between ``start(noColor:)`` and ``stop()`` nothing else may write to the
/// terminal. It is given back by ``stop()``, at `exit`, and, as far as a signal handler can, in a crash.
@MainActor
public final class Terminal: Screen {
    public enum Failure: Error, Sendable, CustomStringConvertible {
        case notATerminal
        case unknownTerminal(String)
        case alreadyStarted

        public var description: String {
            switch self {
            case .notATerminal: "standard input and output are not a terminal"
            case .unknownTerminal(let name): "nothing is known about the terminal '\(name)'; set TERM"
            case .alreadyStarted: "the terminal is in use already"
            }
        }
    }

    public let inputs: AsyncStream<ScreenInput>
    public private(set) var depth = ColorDepth.none
    public private(set) var size = Size(width: 0, height: 0)

    private var pairs = ColorPairs(depth: .none, pairsMax: 0)
    private var shown: Canvas?
    private var screen: OpaquePointer?
    private var isActive = false
    private var hasMouse = false
    /// True from giving the terminal back to the shell until the process goes on.
    private var isSuspended = false
    private var watcher: InputWatcher?
    private let feed: AsyncStream<ScreenInput>.Continuation

    public init() {
        (inputs, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(4096))
    }

    /// True where the locale writes UTF-8, so that more than ASCII can be shown. Sets the process's locale.
    public static func hasUnicode() -> Bool {
        setlocale(LC_ALL, "")
        guard let name = nl_langinfo(nl_item(CODESET)) else { return false }
        return String(cString: name).uppercased().contains("UTF-8")
    }

    /// Takes the terminal.
    /// - Parameter noColor: write no colour, whatever the terminal has; `NO_COLOR` in the environment says the same.
    public func start(noColor: Bool) throws {
        guard !isActive, screen == nil else { throw Failure.alreadyStarted }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw Failure.notATerminal }
        setlocale(LC_ALL, "")
        let original = TerminalSettings.current()
        guard let opened = shim_open() else {
            throw Failure.unknownTerminal(getenv("TERM").map { String(cString: $0) } ?? "")
        }
        screen = opened
        set_term(opened)
        set_escdelay(25)
        enterProgramMode()
        startColors(noColor: noColor)
        arm(original)
        size = Size(width: Int(shim_columns()), height: Int(shim_rows()))
        isActive = true
        watcher = InputWatcher { [weak self] source in self?.receive(source) }
    }

    /// Gives the terminal back. May be called more than once.
    public func stop() {
        guard isActive else { return }
        isActive = false
        watcher?.stop()
        watcher = nil
        guard_unwatch_signals()
        endwin()
        guard_disarm()
        if let screen { delscreen(screen) }
        screen = nil
        shown = nil
        feed.finish()
    }

    public func present(_ canvas: Canvas) {
        guard isActive, !isSuspended else { return }
        if shown?.size != canvas.size { erase() }
        var hasChanged = shown?.size != canvas.size
        let before = shown?.size == canvas.size ? shown : nil
        for y in 0..<min(canvas.size.height, size.height) {
            for x in 0..<min(canvas.size.width, size.width) {
                let index = y * canvas.size.width + x
                let cell = canvas.cells[index]
                if let before, before.cells[index] == cell { continue }
                hasChanged = true
                if !cell.isContinuation { write(cell, x: x, y: y, isWide: canvas[x: x + 1, y: y].isContinuation) }
            }
        }
        shown = canvas
        if hasChanged { refresh() }
    }

    public func suspend() {
        guard isActive, !isSuspended else { return }
        endwin()
        guard_disarm()
        isSuspended = true
        // Ends here until the shell continues the process, and maybe a little later: other threads run on for a
        // moment. So the terminal is taken again where SIGCONT is heard, not here.
        guard_stop_process()
    }

    public func setMouse(_ isOn: Bool) {
        hasMouse = isOn
        if isActive, !isSuspended { shim_watch_mouse(isOn ? 1 : 0) }
    }

    public func invalidate() {
        guard isActive, !isSuspended else { return }
        shown = nil
        shim_forget_screen()
    }

    private func resumeScreen() {
        if isSuspended {
            isSuspended = false
            arm(TerminalSettings.current())
        }
        enterProgramMode()
        shim_forget_screen()
        refresh()
        shown = nil
        updateSize()
    }

    private func enterProgramMode() {
        cbreak()
        noecho()
        nonl()
        shim_watch_keys()
        shim_watch_mouse(hasMouse ? 1 : 0)
        curs_set(0)
    }

    private func startColors(noColor: Bool) {
        let isWanted = !noColor && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
        if isWanted, has_colors(), start_color() == OK, use_default_colors() == OK {
            depth = ColorDepth(colors: Int(shim_colors()))
        }
        pairs = ColorPairs(depth: depth, pairsMax: Int(shim_color_pairs()))
    }

    private func arm(_ original: TerminalSettings?) {
        // No capability of its own turns the mouse's reports off; where there are none, these say nothing.
        let mouse = Self.capability("kmous").isEmpty ? "" : "\u{1B}[?1000l\u{1B}[?1006l"
        let farewell = mouse + ["sgr0", "cnorm", "rmkx", "rmcup"].map(Self.capability).joined()
        // ncurses has changed the settings by now, so the guard gets the ones from before.
        original?.whileInForce { _ = guard_arm(STDOUT_FILENO, farewell, farewell.utf8.count) }
    }

    /// A string of the terminal's description, without the padding that only a hardware terminal needs.
    private static func capability(_ name: String) -> String {
        guard let found = tigetstr(name), Int(bitPattern: found) != -1 else { return "" }
        var text = String(cString: found)
        while let start = text.firstIndex(of: "$"), text[start...].hasPrefix("$<"),
            let end = text[start...].firstIndex(of: ">")
        {
            text.removeSubrange(start...end)
        }
        return text
    }

    private func write(_ cell: Cell, x: Int, y: Int, isWide: Bool) {
        let attributes = cell.style.attributes
        var bits: attr_t = 0
        if attributes.contains(.bold) { bits |= shim_bold() }
        if attributes.contains(.dim) || depth.isDimmed(cell.style.foreground) { bits |= shim_dim() }
        if attributes.contains(.reverse) { bits |= shim_reverse() }
        if attributes.contains(.underline) { bits |= shim_underline() }
        let pair = pairs.pair(for: cell.style)
        var scalars = cell.character.unicodeScalars.map(\.value)
        // Where the C library and this program disagree about a width, the columns to the right would be displaced.
        if let first = scalars.first, first >= 0x80, shim_width(first) != (isWide ? 2 : 1) {
            scalars = [0x3F]
            if isWide { _ = shim_put(Int32(y), Int32(x) + 1, [0x20], 1, bits, pair) }
        }
        _ = shim_put(Int32(y), Int32(x), scalars, Int32(scalars.count), bits, pair)
    }
}

// MARK: - Input

extension Terminal {
    private func receive(_ source: InputWatcher.Source) {
        guard isActive else { return }
        switch source {
        case .keys: readKeys()
        case .signal(let number): handle(signal: number)
        case .lost: feed.yield(.lost)
        }
    }

    private func readKeys() {
        var value: UInt32 = 0
        // Bounded, so that a stream of input cannot keep the rest from its turn.
        for _ in 0..<1024 {
            let kind = shim_read(&value)
            if kind == 0 { return }
            if kind == 2, Int32(bitPattern: value) == KEY_RESIZE {
                updateSize()
            } else if kind == 2, Int32(bitPattern: value) == KEY_MOUSE {
                readMouse()
            } else if let key = KeyEvent(curses: value, isCode: kind == 2) {
                feed.yield(key == .control("z") ? .suspend : .key(key))
            }
        }
    }

    private func readMouse() {
        var column: Int32 = 0
        var row: Int32 = 0
        let kind: MouseEvent.Kind? =
            switch shim_mouse(&column, &row) {
            case 1: .click
            case 2: .wheelUp
            case 3: .wheelDown
            default: nil
            }
        if let kind { feed.yield(.mouse(MouseEvent(kind, x: Int(column), y: Int(row)))) }
    }

    private func handle(signal number: Int32) {
        switch number {
        case SIGWINCH: updateSize()
        case SIGTSTP: feed.yield(.suspend)
        case SIGCONT:
            resumeScreen()
            feed.yield(.resumed)
        default: feed.yield(.terminate(signal: number))
        }
    }

    private func updateSize() {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard shim_window_size(&columns, &rows) != 0 else { return }
        let found = Size(width: Int(columns), height: Int(rows))
        guard found != size || shown == nil else { return }
        size = found
        resizeterm(Int32(found.height), Int32(found.width))
        shown = nil
        feed.yield(.resized(found))
    }
}
