import Foundation

/// Runs what takes long beside the few threads that all tests share: those that wait for a node's answer must go on.
///
/// On a thread of its own, as the threads of queues are counted together with those of the tests and would leave them
/// none; and one work at a time, so that a core is left to the others.
enum LongWork {
    private static let turn = NSLock()

    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                let result = turn.withLock(work)
                continuation.resume(returning: result)
            }
            // The main thread's size: a run under a planted bug may go deep before it is found.
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}
