import Foundation
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

    @Test func `there are plays`() { #expect(Self.names.count >= 10) }
}
