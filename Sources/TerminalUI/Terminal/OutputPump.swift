import CTerminalGuard
import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes to the terminal as it takes the bytes, in order, and never waits for it: a terminal may hang for hours.
@MainActor
final class OutputPump {
    private let descriptor: Int32
    private var backlog: [UInt8] = []
    private var done = 0
    private var source: (any DispatchSourceWrite)?
    /// All that was sent is written, after it had to wait.
    var onRoom: () -> Void = {}
    /// The terminal is gone.
    var onLoss: () -> Void = {}

    /// - Parameter descriptor: does not block.
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// True while the terminal has not taken all that it was sent.
    var isWaiting: Bool { done < backlog.count }

    func send(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        backlog += bytes
        if source == nil { push() }
    }

    /// Waits until all is written, at most so long; false if it is not.
    func drain(withinMilliseconds limit: Int32) -> Bool {
        let end = ContinuousClock.now + .milliseconds(limit)
        while isWaiting {
            push()
            let rest = Int32((end - .now) / .milliseconds(1))
            guard isWaiting, rest > 0 else { break }
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&request, 1, rest) >= 0 || errno == EINTR, request.revents & Int16(POLLHUP | POLLERR) == 0 else {
                break
            }
        }
        return !isWaiting
    }

    func stop() {
        source?.cancel()
        source = nil
        (backlog, done) = ([], 0)
    }

    private func push() {
        while isWaiting {
            let count = backlog.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                return waitForRoom()
            } else if errno != EINTR {
                stop()
                return onLoss()
            }
        }
        (backlog, done) = ([], 0)
        guard let source else { return }
        source.cancel()
        self.source = nil
        onRoom()
    }

    private func waitForRoom() {
        guard source == nil else { return }
        let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: .main)
        // The main queue is the main actor's executor.
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated { self?.push() }
        }
        source.resume()
        self.source = source
    }
}
