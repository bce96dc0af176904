import Foundation

enum WallClock {
    /// Since 1970.
    static var nowMilliseconds: UInt64 { UInt64(max(0, Date().timeIntervalSince1970 * 1_000)) }
}
