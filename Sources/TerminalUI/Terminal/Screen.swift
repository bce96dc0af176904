/// Something that reached a screen from outside.
public enum ScreenInput: Hashable, Sendable {
    case key(KeyEvent)
    case mouse(MouseEvent)
    /// Text that no key was pressed for.
    case paste(Paste)
    /// Something was typed whose bytes are no UTF-8.
    case unreadable
    /// The terminal says which colour its ground has: 0xRRGGBB.
    case background(UInt32)
    /// The screen has another size now.
    case resized(Size)
    /// Control-Z, or the signal of it: call ``Screen/suspend()`` when ready.
    case suspend
    /// The process was continued after a stop that ``Screen/suspend()`` did not make; draw everything again.
    case resumed
    /// Control-C, SIGTERM or SIGHUP: leave soon. The signal's number is named.
    case terminate(signal: Int32)
    /// The terminal is gone; nothing can be read or shown any more.
    case lost
}

/// Something that shows canvases and tells what was pressed: a terminal, or a test's stand-in.
@MainActor
public protocol Screen: AnyObject {
    var size: Size { get }
    /// How many colours it has.
    var depth: ColorDepth { get }
    /// Everything that comes in, in order. Iterate it once.
    var inputs: AsyncStream<ScreenInput> { get }
    /// Takes the mouse, or leaves it to the terminal, where it selects text.
    func setMouse(_ isOn: Bool)
    /// Rings the bell, if there is one.
    func ring()
    /// Shows a canvas; writes only what differs from the one before.
    func present(_ canvas: Canvas)
    /// Gives the terminal back, stops the process, and takes the terminal again when the process is continued.
    func suspend()
    /// Forgets what is on the screen, so that the next canvas is written in full.
    func invalidate()
}

extension Screen {
    public var depth: ColorDepth { .direct }
    public func ring() {}
}
