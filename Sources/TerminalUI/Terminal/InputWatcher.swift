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
        case keys
        case signal(Int32)
        case lost
    }

    private let receive: (Source) -> Void
    private var sources: [any DispatchSourceRead] = []

    init(receive: @escaping (Source) -> Void) {
        self.receive = receive
        watch(STDIN_FILENO) { watcher in watcher.inputCame() }
        let pipe = guard_watch_signals()
        if pipe >= 0 { watch(pipe) { watcher in watcher.signalCame(pipe) } }
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
        if poll(&request, 1, 0) > 0, request.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 {
            stop()
            receive(.lost)
            return
        }
        receive(.keys)
    }

    private func signalCame(_ pipe: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(pipe, &bytes, bytes.count)
        guard count > 0 else { return }
        for byte in bytes.prefix(count) { receive(.signal(Int32(byte))) }
    }
}
