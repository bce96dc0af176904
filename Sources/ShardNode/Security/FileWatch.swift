#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Watches the contents of some files, and reads them anew when one of them changes. Waits for the file system, so it
/// is used only on threads that may wait.
struct FileWatch<Value: Sendable>: Sendable {
    /// The stamp of a file, which tells one state of it from the next without reading it.
    struct Stamp: Hashable, Sendable {
        private let numbers: [Int64]

        /// Takes a stamp. The stamp of a file that cannot be looked at is empty, and differs from all others.
        init(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else {
                numbers = []
                return
            }
            #if canImport(Darwin)
                let (changed, modified) = (status.st_ctimespec, status.st_mtimespec)
            #else
                let (changed, modified) = (status.st_ctim, status.st_mtim)
            #endif
            numbers = [
                Int64(truncatingIfNeeded: status.st_ino), Int64(status.st_size), Int64(status.st_mode),
                Int64(modified.tv_sec), Int64(modified.tv_nsec), Int64(changed.tv_sec), Int64(changed.tv_nsec),
            ]
        }
    }

    enum Outcome: Sendable {
        case unchanged
        case changed(Value)
        /// The reason, in words.
        case unusable(String)
    }

    private let paths: [String]
    private let read: @Sendable () throws(SecurityProblem) -> Value
    private var stamps: [Stamp]
    private var isUsed = true

    /// - Parameter read: reads the same files.
    init(_ paths: [String], read: @escaping @Sendable () throws(SecurityProblem) -> Value) {
        self.paths = paths
        self.read = read
        stamps = []
    }

    /// Reads the files if they changed, or if they could not be used the last time.
    mutating func look() -> Outcome {
        // Stamped before they are read: a change meanwhile is seen the next time.
        let stamps = paths.map(Stamp.init)
        if isUsed, stamps == self.stamps { return .unchanged }
        self.stamps = stamps
        do throws(SecurityProblem) {
            let value = try read()
            isUsed = true
            return .changed(value)
        } catch {
            isUsed = false
            return .unusable(error.description)
        }
    }
}
