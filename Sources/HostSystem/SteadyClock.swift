import Foundation

/// Milliseconds since 1970 that only go forward, as fast as time does: the wall clock's at the beginning, then what has
/// passed since, whatever the wall clock is set to meanwhile. For ages; a time of day is the wall clock's to tell.
public struct SteadyClock: Sendable {
    /// All of this process go by one, so that their times can be compared.
    public static let shared = SteadyClock()

    private let startMilliseconds: UInt64
    private let start: ContinuousClock.Instant
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - startMilliseconds: what the wall clock says now, since 1970.
    ///   - now: a clock that is never set.
    public init(
        startMilliseconds: UInt64 = SteadyClock.wallMilliseconds(),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.startMilliseconds = startMilliseconds
        self.now = now
        start = now()
    }

    /// Since 1970 by the wall clock at the beginning.
    public var nowMilliseconds: UInt64 {
        let passed = (now() - start).components
        return startMilliseconds + UInt64(max(0, passed.seconds)) * 1_000
            + UInt64(max(0, passed.attoseconds)) / 1_000_000_000_000_000
    }

    /// The wall clock's, since 1970; leaps where it is set.
    public static func wallMilliseconds() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970 * 1_000)) }
}
