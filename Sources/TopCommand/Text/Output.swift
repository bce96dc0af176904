import Foundation
import Synchronization
import TerminalUI

/// Writes whole lines at once, so that lines of two tasks never mix. Output that nobody reads waits, but no longer than
/// the task that writes it: a hanging terminal keeps no program from its end.
enum Output {
    /// The action if nothing more can be printed: ends the program in order, with this status. Without it the program
    /// ends at once.
    static let onLoss = Locked<(@Sendable (Int32) -> Void)?>(nil)
    private static let lines = Mutex(())

    static func line(_ text: String) {
        do {
            try lines.withLock { _ in
                try PatientWriter.write(text + "\n", to: STDOUT_FILENO) { Task.isCancelled }
            }
        } catch {
            let status = lossStatus((error as? PatientWriter.Gone)?.number ?? EIO)
            guard let end = onLoss.withLock({ $0 }) else { exit(status) }
            end(status)
        }
    }

    /// The exit status after a failed write. If nobody reads on, as with `| head`, there is nothing left to do, and
    /// nobody to tell: the program ends as if by the signal that other programs get then.
    private static func lossStatus(_ problem: Int32) -> Int32 {
        if problem == EPIPE { return 128 + SIGPIPE }
        error("shardtop: cannot write to standard output: \(String(cString: strerror(problem)))")
        return ExitStatus.fileTrouble.rawValue
    }

    /// Writes the bytes as they are, and the end of the line.
    static func bytes(_ bytes: [UInt8]) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(bytes) + [0x0A])
    }

    /// Writes a line to standard error, in passing or at the end, where nothing may wait for it.
    static func error(_ text: String) { errorText(text + "\n") }

    /// Writes text to standard error without a new line.
    static func errorText(_ text: String) { try? PatientWriter.write(text, to: STDERR_FILENO) { true } }

    /// Overwrites the line before it on standard error if that is a terminal; elsewhere it is left out.
    static func progress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        errorText("\r\u{1B}[K\(text)")
    }

    /// Clears the progress line.
    static func progressEnd() { progress("") }

    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
