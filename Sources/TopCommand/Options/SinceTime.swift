import ArgumentParser
import Foundation

/// A moment as people name it: so long ago, a time of today, or a date and time.
enum SinceTime: Equatable, Sendable, ExpressibleByArgument {
    case ago(seconds: UInt64)
    /// Of today, in this machine's zone; where that is yet to come, of yesterday.
    case today(seconds: UInt64)
    /// Since 1970.
    case at(milliseconds: UInt64)

    private static let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    private static let daySeconds: UInt64 = 86_400
    /// A hundred years.
    private static let secondsMax: UInt64 = 3_155_760_000

    init?(argument: String) {
        if let last = argument.last, let unit = Self.units[last], let count = Self.number(argument.dropLast()),
            count <= Self.secondsMax / unit
        {
            self = .ago(seconds: count * unit)
            return
        }
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(Self.number)
        if (2...3).contains(parts.count), let hour = parts[0], hour < 24, let minute = parts[1], minute < 60 {
            guard let second = parts.count == 3 ? parts[2] : 0, second < 60 else { return nil }
            self = .today(seconds: hour * 3_600 + minute * 60 + second)
            return
        }
        guard let date = ISO8601DateFormatter().date(from: argument), date.timeIntervalSince1970 >= 0 else {
            return nil
        }
        self = .at(milliseconds: UInt64(date.timeIntervalSince1970 * 1_000))
    }

    private static func number(_ text: some StringProtocol) -> UInt64? {
        !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) } ? UInt64(text) : nil
    }

    /// - Parameters:
    ///   - now: since 1970.
    ///   - zone: whose day it is.
    func milliseconds(at now: UInt64, zone: TimeZone = .autoupdatingCurrent) -> UInt64 {
        switch self {
        case .ago(let seconds): return now - min(now, seconds * 1_000)
        case .at(let milliseconds): return milliseconds
        case .today(let seconds):
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            let day = calendar.startOfDay(for: Date(timeIntervalSince1970: Double(now) / 1_000))
            let moment = UInt64(max(0, day.timeIntervalSince1970)) * 1_000 + seconds * 1_000
            return moment <= now ? moment : moment - min(moment, Self.daySeconds * 1_000)
        }
    }
}
