import HostSystem
import ShardWire

/// When a poll was: steady, so that no age leaps when the machine's clock is set.
enum WallClock {
    /// Since 1970.
    static var nowMilliseconds: UInt64 { SteadyClock.shared.nowMilliseconds }
}
