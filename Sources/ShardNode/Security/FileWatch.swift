#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What some files hold, read anew when one of them changes. Waits for the file system; so it is used on threads that may.
struct FileWatch<Value: Sendable>: Sendable {
    /// What tells one state of a file from the next without reading it.
    struct Stamp: Hashable, Sendable {
        private let numbers: [Int64]

        /// Of a file that cannot be looked at: none, which differs from all others.
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
        /// In words.
        case unusable(String)
    }

    private let paths: [String]
    private let read: @Sendable () throws(SecurityProblem) -> Value
    private var stamps: [Stamp]
    private var isUsed = true

    /// - Parameter read: of the same files.
    init(_ paths: [String], read: @escaping @Sendable () throws(SecurityProblem) -> Value) {
        self.paths = paths
        self.read = read
        stamps = []
    }

    /// Reads the files where they changed, or where they could not be used the last time.
    mutating func look() -> Outcome {
        // Before they are read: what changes meanwhile is seen the next time.
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
