import BitCollections
import ShardCore
import Testing

@testable import ShardSim

/// What excuses that a key is gone.
@Suite struct HistoryTests {
    /// A write of `k` that was answered, and then a deletion that was not.
    private func history(watchesStores: Bool) -> (history: History, put: Int) {
        var history = History()
        if watchesStores { history.watchTombstones() }
        let put = history.begin("k", isDelete: false, past: [], at: 1)
        history.answer(put, timestamp: 10, at: 2)
        _ = history.begin("k", isDelete: true, past: [], at: 3)
        return (history, put)
    }

    @Test func aDeletionThatNobodyCarriedOutExcusesNothing() {
        let (history, put) = history(watchesStores: true)
        #expect(history.judge(absent: "k", known: BitSet([put])).wrong?.0 == .readsFollowCauses)
        #expect(history.judge(final: nil, timestamp: nil, key: "k")?.0 == .answeredWriteSurvives)
    }

    @Test func oneThatLeftATombstoneDoes() {
        var (history, put) = history(watchesStores: true)
        #expect(history.see(tombstone: 11, ofKey: "k", at: 4) == nil)
        #expect(history.judge(absent: "k", known: BitSet([put])).wrong == nil)
        #expect(history.judge(final: nil, timestamp: nil, key: "k") == nil)
    }

    @Test func oneFromBeforeTheWriteDoesNot() {
        var (history, put) = history(watchesStores: true)
        _ = history.see(tombstone: 9, ofKey: "k", at: 4)
        #expect(history.judge(absent: "k", known: BitSet([put])).wrong?.0 == .readsFollowCauses)
        #expect(history.judge(final: nil, timestamp: nil, key: "k")?.0 == .answeredWriteSurvives)
    }

    @Test func oneThatDiedWithItsNodeDoesNotInTheEnd() {
        var (history, _) = history(watchesStores: true)
        _ = history.see(tombstone: 11, ofKey: "k", at: 4)
        loseTombstone(&history)
        #expect(history.judge(final: nil, timestamp: nil, key: "k")?.0 == .answeredWriteSurvives)
    }

    @Test func oneWhoseAnswerComesAfterItDiedWithItsNodeIsNotMissed() {
        var history = History()
        history.watchTombstones()
        let put = history.begin("k", isDelete: false, past: BitSet(), at: 1)
        history.answer(put, timestamp: 10, at: 2)
        let deletion = history.begin("k", isDelete: true, past: BitSet([put]), at: 3)
        _ = history.see(tombstone: 11, ofKey: "k", at: 4)
        loseTombstone(&history)
        history.answer(deletion, timestamp: 11, at: 6)
        #expect(history.judge(read: put, key: "k", known: BitSet([put, deletion])) == nil)
        #expect(history.judge(final: put, timestamp: 10, key: "k") == nil)
    }

    /// Its node died before it could answer, and somebody had read it. What overwrote it then died with all who had that.
    @Test func aWriteThatWasOnlyReadDiesWithWhatOverwroteIt() {
        var history = History()
        let first = history.begin("k", isDelete: false, past: [], at: 1)
        history.read(first, timestamp: 10)
        let second = history.begin("k", isDelete: false, past: [first], at: 2)
        history.answer(second, timestamp: 12, at: 3)
        #expect(history.judge(absent: "k", known: BitSet([first])).wrong?.0 == .readsFollowCauses)
        let version = Version(
            dot: Dot(origin: Origin(node: NodeAddress("n:1")!, incarnation: 1, epoch: 1), counter: 2), timestamp: 12)
        let entry = Entry(value: Array("\(second)".utf8), version: version, dependencies: VersionVector())
        #expect(history.lose(Record(key: "k", entry: entry), above: 0, at: 4) == [first, second])
        #expect(history.judge(absent: "k", known: BitSet([first])).wrong == nil)
    }

    @Test func whereNobodyLooksIntoTheStoresItMayHaveHappened() {
        let (history, put) = history(watchesStores: false)
        #expect(history.judge(absent: "k", known: BitSet([put])).wrong == nil)
        #expect(history.judge(final: nil, timestamp: nil, key: "k") == nil)
    }

    @Test func aTombstoneOfAKeyThatNobodyDeletedIsWrong() {
        var history = History()
        history.watchTombstones()
        #expect(history.see(tombstone: 5, ofKey: "k", at: 1)?.0 == .valuesWereWritten)
    }

    /// The deletion with the timestamp 11 dies with the only node that held it.
    private func loseTombstone(_ history: inout History) {
        let version = Version(
            dot: Dot(origin: Origin(node: NodeAddress("n:1")!, incarnation: 1, epoch: 1), counter: 1), timestamp: 11)
        _ = history.lose(
            Record(key: "k", entry: Entry(value: nil, version: version, dependencies: VersionVector())), above: 10,
            at: 5)
    }
}
