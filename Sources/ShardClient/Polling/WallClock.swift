import HostSystem
import ShardWire

/// The clock for polls: steady, so that no age leaps when the machine's clock is set.
enum WallClock {
    /// The milliseconds since 1970.
    static var nowMilliseconds: UInt64 { SteadyClock.shared.nowMilliseconds }
}
