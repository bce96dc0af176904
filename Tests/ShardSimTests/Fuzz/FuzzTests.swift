import ShardCore
import ShardSim
import Testing

@Suite struct FuzzTests {
    @Test(arguments: [1, 2] as [UInt64]) func liesEndNoNodeAndWhatIsBeyondTheBoundsChangesNothing(_ seed: UInt64) async
    {
        let report = await LongWork.run { Fuzz(seed: seed, messages: 3_000).execute() }
        #expect(report.failures.isEmpty, "\(report.failures)")
        #expect(report.messages == 3_000)
        #expect(report.refused > 100 && report.undecodable > 100 && report.within > 100 && report.compared > 0)
        #expect(report.answers > 100, "clients work meanwhile")
    }

    @Test func liesAreNoticedThatAreBelieved() async {
        let report = await LongWork.run { Fuzz(seed: 1, messages: 3_000, plantedBug: .boundsAreNotKept).execute() }
        #expect(!report.failures.isEmpty)
    }
}
