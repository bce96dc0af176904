import Dashboard
import TerminalUI

/// A screen that a script presses keys on and looks at: a terminal with a person before it, or none at all.
@MainActor
final class ScriptedScreen: Screen {
    let inputs: AsyncStream<ScreenInput>
    private let feed: AsyncStream<ScreenInput>.Continuation
    private let terminal: Terminal?
    private var ownSize: Size
    private(set) var shown: Canvas?
    private var forwarding: Task<Void, Never>?

    /// - Parameter terminal: a terminal that was started; without one, frames of `size` are drawn for the script alone.
    init(on terminal: Terminal?, size: Size) {
        self.terminal = terminal
        ownSize = size
        (inputs, feed) = AsyncStream.makeStream()
        guard let terminal else { return }
        forwarding = Task { [feed, inputs = terminal.inputs] in
            for await input in inputs { feed.yield(input) }
            feed.finish()
        }
    }

    var isHeadless: Bool { terminal == nil }
    var size: Size { terminal?.size ?? ownSize }
    var depth: ColorDepth { terminal?.depth ?? .direct }

    func present(_ canvas: Canvas) {
        shown = canvas
        terminal?.present(canvas)
    }

    func setMouse(_ isOn: Bool) { terminal?.setMouse(isOn) }
    func ring() { terminal?.ring() }
    func suspend() { terminal?.suspend() }
    func invalidate() { terminal?.invalidate() }

    func press(_ key: KeyEvent) { feed.yield(.key(key)) }

    func resize(_ size: Size) {
        ownSize = size
        feed.yield(.resized(size))
    }
}
