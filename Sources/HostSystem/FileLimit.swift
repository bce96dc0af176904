#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many files, and so connections, this process may have open.
public enum FileLimit {
    /// The highest limit that is asked for. Systems may say "without limit", and there is no use in more.
    private static let wanted: rlim_t = 1 << 20
    /// The limit that is assumed where the system does not tell it.
    private static let unknown = 1_024

    /// The limit in force; the hard one where that is less than infinity is as far as ``raise()`` can come.
    public static var current: Int { limits().map { Int(clamping: $0.rlim_cur) } ?? unknown }

    /// Raises the limit as far as the system lets this user, and returns the one that is in force then.
    @discardableResult
    public static func raise() -> Int {
        guard var limit = limits() else { return unknown }
        let highest = min(limit.rlim_max, wanted)
        guard limit.rlim_cur < highest else { return Int(clamping: limit.rlim_cur) }
        // macOS refuses more than OPEN_MAX for whom the hard limit is infinite, and takes that.
        for target in [highest, 10_240] where target > limit.rlim_cur && target <= highest {
            limit.rlim_cur = target
            if setrlimit(resource, &limit) == 0 { break }
        }
        return current
    }

    /// True if fewer than this many files can still be opened. Costs about a microsecond.
    public static func isNear(reserve: Int) -> Bool {
        // The system gives the lowest number that is free.
        let lowest = dup(STDERR_FILENO)
        guard lowest >= 0 else { return errno == EMFILE || errno == ENFILE }
        close(lowest)
        return Int(lowest) >= current - reserve
    }

    private static func limits() -> rlimit? {
        var limit = rlimit()
        return getrlimit(resource, &limit) == 0 ? limit : nil
    }

    #if canImport(Glibc)
        private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
    #else
        private static var resource: Int32 { RLIMIT_NOFILE }
    #endif
}
