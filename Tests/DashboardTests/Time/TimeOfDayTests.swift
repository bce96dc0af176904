import ClusterModel
import Foundation
import ShardClient
import ShardWire
import Testing

@testable import Dashboard

@Suite struct TimeOfDayTests {
    /// 2026-03-29 00:59:59 and 01:00:00 UTC, when Berlin goes from +1 to +2; and 2026-10-25, when it comes back.
    @Test(
        arguments: [
            (1_774_745_999_000, "01:59:59"), (1_774_746_000_000, "03:00:00"), (1_792_889_999_000, "02:59:59"),
            (1_792_890_000_000, "02:00:00"),
        ] as [(UInt64, String)])
    func aTimeIsShownUnderTheOffsetThatItHad(milliseconds: UInt64, words: String) throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(TimeOfDay(berlin).words(milliseconds: milliseconds) == words)
    }

    @Test func zonesOfHalvesOfHoursAndWestOfGreenwich() throws {
        let kolkata = try #require(TimeZone(identifier: "Asia/Kolkata"))
        #expect(TimeOfDay(kolkata).words(milliseconds: 3_661_007, hasMilliseconds: true) == "06:31:01.007")
        let west = TimeOfDay { _ in -3_600 }
        #expect(west.words(milliseconds: 0) == "23:00:00")
    }

    @Test func whatTheWallClockWasSetOnByIsAdded() {
        #expect(TimeOfDay(leapSeconds: 90) { _ in 0 }.words(milliseconds: 1_000) == "00:01:31")
        #expect(TimeOfDay(leapSeconds: -90) { _ in 0 }.words(milliseconds: 1_000) == "00:00:00", "not before 1970")
    }

    @Test func noTimeOfANodeIsTooLarge() { #expect(!TimeOfDay.utc.words(milliseconds: .max).isEmpty) }

    @Test func theOffsetIsAskedForEachTime() {
        // The model of a zone whose clocks were set on at second 100.
        let zone = TimeOfDay { $0 < 100_000 ? 0 : 3_600 }
        #expect(zone.words(milliseconds: 99_000) == "00:01:39")
        #expect(zone.words(milliseconds: 100_000) == "01:01:40")
    }
}
