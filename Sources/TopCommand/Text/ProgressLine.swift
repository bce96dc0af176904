import Foundation

/// Tells on standard error how far something is: on a terminal in one line that is written over, elsewhere in a line of
/// its own once a second.
final class ProgressLine: Sendable {
    private static let intervalMicroseconds: UInt64 = 1_000_000

    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let last: Locked<ContinuousClock.Instant>

    init(
        isTerminal: Bool = isatty(STDERR_FILENO) == 1, start: ContinuousClock.Instant = .now,
        write: @escaping @Sendable (String) -> Void = Output.errorText
    ) {
        self.isTerminal = isTerminal
        self.write = write
        last = Locked(start)
    }

    func tell(_ text: String, now: ContinuousClock.Instant = .now) {
        if isTerminal { return write("\r\u{1B}[K\(text)") }
        let isDue = last.withLock { last in
            guard now.microseconds(since: last) >= Self.intervalMicroseconds else { return false }
            last = now
            return true
        }
        if isDue { write(text + "\n") }
    }

    /// Clears what stands on the terminal.
    func end() { if isTerminal { write("\r\u{1B}[K") } }
}
