import Foundation

/// The time on the wall clock at a moment, in a time zone and with the zone's offset at that moment.
public struct TimeOfDay: Sendable {
    /// The end of the year 9999: a bound on times that nodes tell.
    private static let millisecondsMax: UInt64 = 253_402_300_799_999

    /// The zone's offset: from moments, in milliseconds since 1970, to seconds east of Greenwich.
    private let offsetSeconds: @Sendable (UInt64) -> Int
    /// How far the wall clock is ahead of the clock that moments are given by.
    private let leapSeconds: Int

    /// - Parameters:
    ///   - leapSeconds: how far the wall clock is ahead of the clock that moments are given by.
    ///   - offsetSeconds: the zone's offset at a moment.
    public init(leapSeconds: Int = 0, offsetSeconds: @escaping @Sendable (UInt64) -> Int) {
        self.leapSeconds = leapSeconds
        self.offsetSeconds = offsetSeconds
    }

    public init(_ zone: TimeZone, leapSeconds: Int = 0) {
        self.init(leapSeconds: leapSeconds) { milliseconds in
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
        }
    }

    public static let utc = TimeOfDay { _ in 0 }
    /// In this machine's zone, as it is set now.
    public static var local: TimeOfDay { TimeOfDay(.autoupdatingCurrent) }

    /// 23:59:59, with `hasMilliseconds` 23:59:59.999.
    public func words(milliseconds: UInt64, hasMilliseconds: Bool = false) -> String {
        let wall = UInt64(max(0, Int(min(milliseconds, Self.millisecondsMax)) + leapSeconds * 1_000))
        let day = 86_400
        let seconds = ((Int(wall / 1_000) + offsetSeconds(wall)) % day + day) % day
        func padded(_ value: Int, _ digits: Int = 2) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let clock = "\(padded(seconds / 3_600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
        return hasMilliseconds ? clock + "." + padded(Int(wall % 1_000), 3) : clock
    }
}
