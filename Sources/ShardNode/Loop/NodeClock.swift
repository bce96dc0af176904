import NIOCore
import ShardCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The one place where a node reads clocks.
enum NodeClock {
    static func now() -> Instant {
        Instant(monotonicMicroseconds: monotonicMicroseconds(), wallMicroseconds: wallMicroseconds())
    }

    static func monotonicMicroseconds() -> UInt64 { NIODeadline.now().uptimeNanoseconds / 1_000 }

    /// The microseconds since 1970; 0 for a clock set before it.
    static func wallMicroseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        guard time.tv_sec >= 0 else { return 0 }
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
    }

    static func wallMilliseconds() -> UInt64 { wallMicroseconds() / 1_000 }

    /// The number of this start of the node, above those of earlier starts while the wall clock goes forward.
    static func incarnation() -> UInt64 { wallMilliseconds() << 16 | UInt64(UInt16.random(in: 0...UInt16.max)) }
}
