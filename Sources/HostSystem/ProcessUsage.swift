#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The processor time and memory that this process has used, as the system counts them.
public enum ProcessUsage {
    /// User and system time of all threads.
    public static func cpuMicroseconds() -> UInt64 {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #endif
        let seconds = Int(usage.ru_utime.tv_sec) + Int(usage.ru_stime.tv_sec)
        let microseconds = Int(usage.ru_utime.tv_usec) + Int(usage.ru_stime.tv_usec)
        return UInt64(max(0, seconds * 1_000_000 + microseconds))
    }

    /// The resident set; where the system has no /proc, the largest it ever was.
    public static func residentBytes() -> UInt64 {
        #if os(Linux)
            guard let file = fopen("/proc/self/statm", "r") else { return 0 }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = fread(&bytes, 1, bytes.count, file)
            let fields = bytes[..<count].split(separator: UInt8(ascii: " "))
            guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
            return pages * UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return UInt64(max(0, usage.ru_maxrss))
        #endif
    }
}
