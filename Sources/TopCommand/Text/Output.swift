import Foundation

/// Writes whole lines at once, so that lines of two tasks never mix.
enum Output {
    /// What is done where nothing more can be printed: ends the program in order, with this status. Without it the
    /// program ends at once.
    static let onLoss = Locked<(@Sendable (Int32) -> Void)?>(nil)

    static func line(_ text: String) {
        guard let problem = write(Array((text + "\n").utf8), to: STDOUT_FILENO) else { return }
        let status = lossStatus(problem)
        guard let end = onLoss.withLock({ $0 }) else { exit(status) }
        end(status)
    }

    /// Where nobody reads on, as with `| head`, there is nothing left to do, and nobody to tell: it ends as if by the
    /// signal that other programs get then.
    private static func lossStatus(_ problem: Int32) -> Int32 {
        if problem == EPIPE { return 128 + SIGPIPE }
        error("shardtop: cannot write to standard output: \(String(cString: strerror(problem)))")
        return ExitStatus.fileTrouble.rawValue
    }

    /// Nil where all was written, else the system's number for why not.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                written += count
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    static func error(_ text: String) { errorText(text + "\n") }

    /// Without a new line.
    static func errorText(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// Overwrites the line before it where standard error is a terminal, and is left out elsewhere.
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
