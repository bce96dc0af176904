import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A pipe whose writing end only this process holds: whoever reads it meets the end when this process is gone, however
/// it went. The nodes of a demo have it as their standard input, and stop with it.
final class LifeLine: Sendable {
    let readingEnd: FileDescriptor
    private let writingEnd: FileDescriptor

    init() throws {
        (readingEnd, writingEnd) = try FileDescriptor.pipe()
        // No other process may inherit either; the nodes get theirs as a copy.
        for end in [readingEnd, writingEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        try? writingEnd.close()
        try? readingEnd.close()
    }
}
