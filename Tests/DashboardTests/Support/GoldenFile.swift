import Foundation
import Testing

/// A file of `Golden`, that was looked at.
enum GoldenFile {
    /// `REWRITE_GOLDEN=1` writes it anew; such a run fails, so that nothing passes by rewriting.
    static func compare(_ text: String, _ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Golden/\(name).txt")
        if ProcessInfo.processInfo.environment["REWRITE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("\(name) was written anew; look at it, and run again without REWRITE_GOLDEN")
            return
        }
        let wanted = try String(contentsOf: file, encoding: .utf8)
        #expect(text == wanted, "\(name) has changed:\n\(text)")
    }
}
