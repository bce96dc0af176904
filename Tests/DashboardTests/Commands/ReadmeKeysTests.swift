import Foundation
import Testing

@testable import Dashboard

/// The README's tables of keys are the command table's.
///
/// `REWRITE_README=1` writes them anew; such a run fails, so that nothing passes by rewriting.
@Suite struct ReadmeKeysTests {
    private static let tables: [(marker: String, title: String, groups: [CommandRow.Group])] = [
        ("keys", "key", [.changing, .goals, .looking, .demo]), ("keys in a replay", "key in a replay", [.replay]),
    ]

    @Test func theReadmeHasTheKeysThatThereAre() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        var wanted = text
        for table in Self.tables {
            let (begin, end) = ("<!-- \(table.marker) -->\n", "<!-- end of \(table.marker) -->\n")
            let start = try #require(wanted.range(of: begin)?.upperBound, "README.md has no line '\(begin)'")
            let stop = try #require(wanted.range(of: end)?.lowerBound, "README.md has no line '\(end)'")
            wanted.replaceSubrange(start..<stop, with: Self.markdown(table.title, table.groups))
        }
        guard ProcessInfo.processInfo.environment["REWRITE_README"] == "1" else {
            #expect(
                text == wanted, "README.md has other keys than the command table; REWRITE_README=1 writes them anew")
            return
        }
        try wanted.write(to: file, atomically: true, encoding: .utf8)
        Issue.record("README.md was written anew; look at it, and run again without REWRITE_README")
    }

    private static func markdown(_ title: String, _ groups: [CommandRow.Group]) -> String {
        let rows = groups.flatMap { group in CommandTable.rows.filter { $0.group == group } }
        return "| \(title) | what it does |\n|---|---|\n" + rows.map(line).joined()
    }

    /// Where the keys of a group work, if not everywhere.
    private static func place(_ group: CommandRow.Group) -> String {
        switch group {
        case .demo: "in a demo: "
        case .goals: "on Valkey and Redis: "
        case .replay, .changing, .looking: ""
        }
    }

    private static func line(_ row: CommandRow) -> String {
        let keys = row.keys.split(separator: " ").map { $0 == "arrows" || $0 == "…" ? String($0) : "`\($0)`" }
        let words = place(row.group) + row.words + (row.more.isEmpty ? "" : "; \(row.more)")
        return "| \(keys.joined(separator: " ")) | \(words) |\n"
    }
}
