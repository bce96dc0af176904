import UnixSignals

/// The program was told to stop from outside.
struct Interrupted: Error {
    let signal: UnixSignal

    /// As a shell would say it.
    var exitStatus: Int32 { 128 + signal.rawValue }

    /// Runs `body`, and cancels it when SIGINT, SIGTERM or SIGHUP comes; what it started is ended before this returns.
    static func heeded(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await signal in signals { throw Interrupted(signal: signal) }
                // The sequence ends only by being cancelled.
                try await Task.sleep(for: .seconds(31_536_000))
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
