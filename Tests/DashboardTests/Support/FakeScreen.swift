import ClusterModel
import ShardClient
import TerminalUI

/// Keeps what is presented, and passes on what a test presses.
@MainActor final class FakeScreen: Screen {
    var size = Size(width: 80, height: 24)
    let inputs: AsyncStream<ScreenInput>
    let feed: AsyncStream<ScreenInput>.Continuation
    private(set) var frames: [Canvas] = []
    private(set) var suspensions = 0
    private var waiting: [(isSeen: (Canvas) -> Bool, CheckedContinuation<Void, Never>)] = []

    init() { (inputs, feed) = AsyncStream.makeStream() }

    func present(_ canvas: Canvas) {
        frames.append(canvas)
        let seen = waiting.filter { $0.isSeen(canvas) }
        waiting.removeAll { $0.isSeen(canvas) }
        for (_, continuation) in seen { continuation.resume() }
    }

    private(set) var hasMouse: Bool?

    func suspend() { suspensions += 1 }
    func setMouse(_ isOn: Bool) { hasMouse = isOn }
    func invalidate() {}

    func press(_ keys: KeyEvent...) { for key in keys { feed.yield(.key(key)) } }

    /// Waits for a frame, those already shown left out.
    func next(where isSeen: @escaping (Canvas) -> Bool = { _ in true }) async {
        await withCheckedContinuation { waiting.append((isSeen, $0)) }
    }

    func next(_ text: String) async { await next { $0.text.contains(text) } }
}
