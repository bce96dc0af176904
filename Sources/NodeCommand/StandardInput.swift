import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Ties the node's life to that of whoever started it, where `SHARDNODE_EXIT_WITH_STDIN=1` asks for it.
///
/// The starter holds the writing end of a pipe that is this process's standard input. However it ends, the pipe meets
/// its end then, and the node stops as gracefully as at SIGTERM.
enum StandardInput {
    static func stopAtEndIfWanted() {
        guard ProcessInfo.processInfo.environment["SHARDNODE_EXIT_WITH_STDIN"] == "1" else { return }
        let thread = Thread {
            var bytes = [UInt8](repeating: 0, count: 256)
            while true {
                let count = read(STDIN_FILENO, &bytes, bytes.count)
                if count > 0 || (count < 0 && errno == EINTR) { continue }
                kill(getpid(), SIGTERM)
                return
            }
        }
        thread.stackSize = 64 * 1024
        thread.start()
    }
}
