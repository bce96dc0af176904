import Foundation

/// Times since 1970 that never leap: the wall's at the start, and from then on what went by.
enum SteadyTime {
    private static let start = (
        milliseconds: UInt64(max(0, Date().timeIntervalSince1970 * 1_000)), instant: ContinuousClock.now
    )

    static var nowMilliseconds: UInt64 { start.milliseconds + (ContinuousClock.now - start.instant).milliseconds }
}

extension Duration {
    /// Whole ones; 0 of a negative duration.
    var milliseconds: UInt64 { microseconds / 1_000 }

    /// Whole ones; 0 of a negative duration.
    var microseconds: UInt64 {
        let parts = components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return 0 }
        return UInt64(parts.seconds) * 1_000_000 + UInt64(parts.attoseconds) / 1_000_000_000_000
    }
}
