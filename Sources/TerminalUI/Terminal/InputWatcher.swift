import CTerminalGuard
import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Waits, without a thread of its own, until standard input or the signals' pipe can be read, and says so on the main
/// actor.
@MainActor
final class InputWatcher {
    enum Source {
        case bytes([UInt8])
        case signal(Int32)
        case lost
    }

    /// Bounded, so that a stream of input cannot keep the rest from its turn.
    private static let bytesMax = 4_096

    private let receive: (Source) -> Void
    private var sources: [any DispatchSourceRead] = []

    /// - Parameter signals: the pipe of ``guard_watch_signals``; negative for none.
    init(signals: Int32, receive: @escaping (Source) -> Void) {
        self.receive = receive
        watch(STDIN_FILENO) { watcher in watcher.inputCame() }
        if signals >= 0 { watch(signals) { watcher in watcher.signalCame(signals) } }
    }

    func stop() {
        for source in sources { source.cancel() }
        sources = []
    }

    private func watch(_ descriptor: Int32, _ body: @escaping @MainActor (InputWatcher) -> Void) {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        // The main queue is the main actor's executor.
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated {
                if let self { body(self) }
            }
        }
        source.resume()
        sources.append(source)
    }

    private func inputCame() {
        // A terminal that hung up is ready to be read for ever and never gives a byte.
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 0) > 0 else { return }
        guard request.revents & Int16(POLLHUP | POLLERR | POLLNVAL) == 0 else { return lose() }
        // Keys that are typed while another job has the terminal are for that job.
        guard TerminalJob.isInForeground else { return }
        var bytes = [UInt8](repeating: 0, count: Self.bytesMax)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        if count > 0 {
            receive(.bytes(Array(bytes.prefix(count))))
        } else if count == 0 || errno != EINTR && errno != EAGAIN {
            lose()
        }
    }

    private func lose() {
        stop()
        receive(.lost)
    }

    private func signalCame(_ pipe: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(pipe, &bytes, bytes.count)
        guard count > 0 else { return }
        for byte in bytes.prefix(count) { receive(.signal(Int32(byte))) }
    }
}
