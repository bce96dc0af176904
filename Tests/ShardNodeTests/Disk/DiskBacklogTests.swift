import ShardCore
import Testing

@testable import ShardNode

/// What is written where, and that the log does not grow.
@Suite(.timeLimit(.minutes(10))) struct DiskBacklogTests {
    private static let node = NodeAddress("127.0.0.1:8081")!
    private let limits = DiskBacklog.Limits(
        rowKeysMax: 8, rowBytesMax: 10_000, partKeysMax: 20, partBytesMax: 100_000, partRowsMax: 100,
        passingMin: 1)

    private func change(_ keys: Range<Int>, counter: UInt64, clearsFirst: Bool = false) -> DiskChange {
        let origin = Origin(node: Self.node, incarnation: 1, epoch: 1)
        let dot = Dot(origin: origin, counter: counter)
        return DiskChange(
            clearsFirst: clearsFirst,
            records: keys.map { key in
                Record(
                    key: "key\(key)",
                    entry: Entry(
                        value: Array("\(counter)".utf8), version: Version(dot: dot, timestamp: counter),
                        dependencies: VersionVector()))
            },
            state: DurableState(
                address: Self.node, incarnation: 1, record: .none, vector: VersionVector([dot]), isWhole: true),
            isVital: false)
    }

    /// Takes `count` commits of four keys each, and tells which rows of the log are left and how often a key passed over.
    private func run(_ count: Int, keys: Int) -> (rows: Int, passed: Int) {
        var backlog = DiskBacklog(limits: limits)
        var rows: Set<Int64> = []
        var passed = 0
        for number in 0..<count {
            let first = keys > 0 ? number * 4 % keys : 0
            let next = change(first..<first + min(4, keys), counter: UInt64(number))
            let step = backlog.step(for: next)
            guard case .logged(let row, let passing, let ending) = step else {
                Issue.record("a small change does not go to the log")
                break
            }
            #expect(rows.insert(row).inserted, "a number is used once")
            passed += passing.count
            if let ending { rows = rows.filter { $0 > ending.lastRow } }
            backlog.commit(next, step)
        }
        return (rows.count, passed)
    }

    @Test func theLogStaysShortHoweverLongItIsWritten() {
        let (rows, passed) = run(10_000, keys: 1_000)
        #expect(rows <= 12, "a part of five commits, and what came while it passed over")
        #expect(passed > 39_900, "so every key passed over but for what is in the log")
    }

    @Test func aKeyThatIsWrittenAgainAndAgainPassesOverOnceForMany() {
        let (_, passed) = run(10_000, keys: 4)
        #expect(passed == 396, "four keys for a hundred commits, the last of which are in the log")
    }

    /// As where members vote, or an operator decides about nodes.
    @Test func theLogStaysShortWhereNoKeyIsWritten() {
        #expect(run(10_000, keys: 0).rows <= 101)
    }

    @Test func aLargeChangeTakesWhatIsInTheLogAlong() {
        var backlog = DiskBacklog(limits: limits)
        let small = change(0..<2, counter: 1)
        backlog.commit(small, backlog.step(for: small))
        guard case .straight(let passing) = backlog.step(for: change(1..<20, counter: 2)) else {
            Issue.record("a change larger than a row goes to the log")
            return
        }
        #expect(passing.map(\.key) == ["key0", "key1"])
    }

    @Test func whatIsClearedNeedNotPassOver() {
        var backlog = DiskBacklog(limits: limits)
        let small = change(0..<2, counter: 1)
        backlog.commit(small, backlog.step(for: small))
        let clearing = change(1..<3, counter: 2, clearsFirst: true)
        let step = backlog.step(for: clearing)
        guard case .straight(let passing) = step, passing.isEmpty else {
            Issue.record("what is cleared is written once more: \(step)")
            return
        }
        backlog.commit(clearing, step)
        guard case .logged(let row, _, _) = backlog.step(for: small) else { return }
        #expect(row == 1, "the log is empty")
    }
}
