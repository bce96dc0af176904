import Foundation
import ShardCore
import ShardTrial
import Testing

/// Each trial for a few seconds on real nodes; `shardtrial` holds them for longer.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TrialTests {
    /// The products of this build lie beside the test bundle.
    private func options(seconds: Double) throws -> Trial.Options {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("shardnode").path
        try #require(FileManager.default.isExecutableFile(atPath: program), "no \(program)")
        var setup = TrialCluster.Setup(program: program)
        setup.writeAcks = 2
        var options = Trial.Options(setup: setup)
        options.seconds = seconds
        options.keyCount = 60
        return options
    }

    private func expectHeld(_ trial: Trial, seconds: Double) async throws {
        let report = try await trial.hold(try options(seconds: seconds))
        #expect(report.problems.isEmpty, "\(report.problems.prefix(5))")
    }

    @Test func nothingAnsweredIsLostWhileNodesDieAndLinksAreCutAndReshardsGoOn() async throws {
        let report = try await Trial.mixed.hold(try options(seconds: 10))
        #expect(report.problems.isEmpty, "\(report.problems.prefix(5))")
        #expect(report.resharded == [3, 1, 3, 2])
        #expect(report.counts.writes > 100 && report.counts.reads > 100)
    }

    @Test func halvesServeOnTheirOwnAndAgreeOnceTheyMeet() async throws { try await expectHeld(.halves, seconds: 2) }

    @Test func aDeadCoordinatorLeavesOneLayoutAndAllKeys() async throws {
        try await expectHeld(.coordinator, seconds: 1)
    }

    @Test func whatWasAnsweredIsThereAfterAllWereKilled() async throws { try await expectHeld(.blackout, seconds: 4) }

    #if os(Linux)
        @Test func aFullDiskRefusesWritesAndLosesNone() async throws { try await expectHeld(.fullDisk, seconds: 2) }
    #endif

    @Test func filesThatAreLostWhileNodesRunAreWrittenAnew() async throws {
        try await expectHeld(.lostFiles, seconds: 1)
    }

    @Test func nodesThatAreAllStartedAgainAtCloseIntervalsServeTogether() async throws {
        try await expectHeld(.rolling, seconds: 1)
    }

    @Test func liesEndNoNodeAndAClosedClusterBelievesNone() async throws { try await expectHeld(.fuzz, seconds: 6) }

    @Test func anOpenClusterIsClosedWhileClientsWork() async throws { try await expectHeld(.closing, seconds: 1) }

    /// Else nothing above would prove anything.
    @Test func lostWritesAreFound() async throws {
        var options = try options(seconds: 4)
        options.setup.durability = .memory
        options.keepsDurability = true
        let report = try await Trial.blackout.hold(options)
        #expect(report.problems.contains { $0.contains("is gone") })
    }
}
