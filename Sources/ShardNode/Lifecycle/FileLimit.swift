#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many files, and so connections, the process may have open.
enum FileLimit {
    /// For everything that is not a client's connection: peers, files, the loop itself.
    static let reserve = 64

    /// Raises the limit as far as the system lets this user, and returns it.
    static func raise() -> Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return 1_024 }
        let highest = limit.rlim_max
        if limit.rlim_cur < highest {
            var raised = limit
            raised.rlim_cur = highest
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Connections of clients that fit under the limit, with those that are only told to go.
    static func connectionsMax(wanted: Int, limit: Int) -> Int {
        max(16, min(wanted, limit - limit / 8 - reserve - ConnectionTable.graceMax))
    }
}
