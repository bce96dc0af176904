import Foundation
import Testing

@testable import TopCommand

@Suite struct SinceTimeTests {
    private static let utc = TimeZone(secondsFromGMT: 0)!
    /// 2026-01-31 12:00:00
    private static let noon: UInt64 = 1_769_860_800_000

    @Test(
        arguments: [
            ("90s", 90), ("10m", 600), ("2h", 7_200), ("1d", 86_400), ("11:30", 1_800), ("11:59:50", 10),
            ("12:00", 0), ("23:00", 46_800), ("2026-01-31T11:00:00Z", 3_600), ("2026-01-31T13:00:00+02:00", 3_600),
        ] as [(String, UInt64)])
    func `a moment is so long ago, of today or last night, or a date`(text: String, secondsAgo: UInt64) throws {
        let since = try #require(SinceTime(argument: text))
        #expect(since.milliseconds(at: Self.noon, zone: Self.utc) == Self.noon - secondsAgo * 1_000)
    }

    @Test(arguments: [
        "", "m", "10", "-5m", "24:00", "12:60", "12:00:99", "1:2:3:4", "yesterday", "99999999999999999999d",
    ])
    func `what is no moment is refused`(text: String) { #expect(SinceTime(argument: text) == nil) }

    @Test func `it does not reach back before 1970`() throws {
        #expect(try #require(SinceTime(argument: "3000d")).milliseconds(at: 1_000) == 0)
    }
}
