import Foundation

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// A pipe whose writing end only this process holds: whoever reads it meets the end when this process is gone, however
/// it went. Nodes that a program starts have it as their standard input, and stop with it.
package final class LifeLine: Sendable {
    package let readingEnd: FileDescriptor
    private let writingEnd: FileDescriptor

    package init() throws {
        (readingEnd, writingEnd) = try FileDescriptor.pipe()
        // No other process may inherit either; the nodes get theirs as a copy.
        for end in [readingEnd, writingEnd] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        try? writingEnd.close()
        try? readingEnd.close()
    }
}
