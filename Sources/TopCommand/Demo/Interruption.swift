import Foundation
import UnixSignals

/// The program was told to stop from outside.
struct Interrupted: Error {
    /// As a shell would say it.
    let exitStatus: Int32

    init(signal: UnixSignal) { exitStatus = 128 + signal.rawValue }
    init(exitStatus: Int32) { self.exitStatus = exitStatus }

    /// Runs `body`, and cancels it when SIGINT, SIGTERM or SIGHUP comes, or nobody reads what the program prints; what
    /// it started is ended before this returns.
    static func heeded(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        let (losses, loss) = AsyncStream.makeStream(of: Int32.self)
        Output.onLoss.withLock { $0 = { loss.yield($0) } }
        defer { Output.onLoss.withLock { $0 = nil } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await signal in signals { throw Interrupted(signal: signal) }
                try await forever()
            }
            group.addTask {
                for await status in losses { throw Interrupted(exitStatus: status) }
                try await forever()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The sequences end only by being cancelled.
    private static func forever() async throws { try await Task.sleep(for: .seconds(31_536_000)) }
}
