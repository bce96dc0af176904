import Foundation
import ShardCore
import Testing

@testable import ShardSim

/// What nodes do, told like a play: each file of `Plays/Texts` is performed, and must go as it is written.
///
/// `REWRITE_PLAYS=1` writes them anew; such a run fails, so that nothing passes by rewriting.
@Suite struct PlayTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Texts")

    private static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".txt") }
        .sorted()

    @Test(arguments: names)
    func `a play goes as it is written`(_ name: String) async throws {
        let file = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let performed = try await LongWork.run { Result { try Play.perform(text) } }.get()
        if ProcessInfo.processInfo.environment["REWRITE_PLAYS"] == "1" {
            try performed.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was written anew; look at it, and run again without REWRITE_PLAYS")
            return
        }
        #expect(performed == text, "\(name) goes otherwise:\n\(performed)")
    }

    /// A mistake for a play breaks a rule that it tells.
    private static let mistakes: [(play: String, bug: PlantedBug)] = [
        ("acknowledgement", .acksAreNotAwaited), ("acknowledgement", .readsTellTheUnconfirmed),
        ("causality", .readsIgnoreContext), ("concurrency", .lostBatchesStayLost),
        ("coordinator-dies-early", .leasesNeverEnd), ("replication", .lostBatchesStayLost),
        ("sequence", .timestampsIgnoreContext), ("coordinator-dies-late", .leasesNeverEnd),
        ("coordinator-dies-late", .votersForget),
        ("reshard", .keysVanish), ("removal", .keysVanish),
        ("deletion", .tombstonesGoEarly), ("deletion", .tombstonesStay), ("late-owner", .handOnIsForgotten),
        ("lost-memory", .servesBeforeFetching), ("lost-memory", .restartedVotersVote),
    ]

    @Test(arguments: mistakes)
    func `a play goes otherwise where a rule that it tells is broken`(_ play: String, _ bug: PlantedBug) async throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent("\(play).txt"), encoding: .utf8)
        let performed = try await LongWork.run { Result { try Play.perform(text, plantedBug: bug) } }.get()
        #expect(performed != text, "\(play) goes as it is written although \(bug) is planted")
    }

    @Test func `there are plays`() { #expect(Self.names.count >= 10) }
}
