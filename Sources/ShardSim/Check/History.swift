import BitCollections
import ShardCore

/// The writes of all clients, and what the clients knew when they wrote: enough to judge every read.
///
/// Every value is unique, so a value read names the write that made it, and reads-from is known rather than guessed.
/// A write's past is the set of writes that its session knew of. The patterns looked for are those of Bouajjani et
/// al., "On verifying causal consistency", 2017.
package struct History {
    package struct Write {
        package let key: String
        package let isDelete: Bool
        /// The writes that this one causally follows.
        package let past: BitSet
        package let beganMicroseconds: UInt64
        /// Nil until the write was answered, and for ever if the answer was lost.
        package var answeredMicroseconds: UInt64?
        /// The earliest timestamp known for the write, never before its own; nil until it was answered. The answer may
        /// tell the timestamp of a write that overtook it, and every read of it may tell an earlier one.
        package var timestamp: UInt64?
        /// The earliest timestamp that a read of the write told.
        var timestampRead: UInt64 = .max
        /// True if somebody was told of the write.
        package var isTold: Bool { answeredMicroseconds != nil || timestampRead != .max }
        /// True if the write was refused with the promise that nothing was done.
        package var isVoid = false
        /// True if the write lay on one node only, and died with its memory.
        package var isLost = false
    }

    package private(set) var writes: [Write] = []
    private var numbersByKey: [String: [Int]] = [:]
    /// The writes that died with their nodes: for each key the time, and the timestamps above `kept` and up to `gone`.
    private var losses: [String: [(kept: UInt64, gone: UInt64, micros: UInt64)]] = [:]
    /// Nil if nobody watches the stores; see ``watchTombstones()``.
    var tombstones: [String: [Tombstone]]?

    package init() {}

    package mutating func begin(_ key: String, isDelete: Bool, past: BitSet, at micros: UInt64) -> Int {
        writes.append(Write(key: key, isDelete: isDelete, past: past, beganMicroseconds: micros))
        numbersByKey[key, default: []].append(writes.count - 1)
        return writes.count - 1
    }

    package mutating func answer(_ write: Int, timestamp: UInt64, at micros: UInt64) {
        writes[write].answeredMicroseconds = micros
        writes[write].timestamp = min(timestamp, writes[write].timestampRead)
        // The write may have died before its answer came.
        let (key, began) = (writes[write].key, writes[write].beganMicroseconds)
        if losses[key]?.contains(where: { $0.kept < timestamp && timestamp <= $0.gone && began < $0.micros }) == true {
            writes[write].isLost = true
        }
        if writes[write].isDelete { explain(tombstone: timestamp, ofKey: key) }
    }

    /// Notes that `write` was read, by an answer whose context has `timestamp`.
    package mutating func read(_ write: Int, timestamp: UInt64) {
        writes[write].timestampRead = min(timestamp, writes[write].timestampRead)
        if let answered = writes[write].timestamp { writes[write].timestamp = min(answered, timestamp) }
    }

    package mutating func void(_ write: Int) { writes[write].isVoid = true }

    package func numbers(ofKey key: String) -> [Int] { numbersByKey[key] ?? [] }

    /// Returns a session's knowledge after it learnt of `write`.
    package func knowledge(_ known: BitSet, adding write: Int) -> BitSet {
        var result = known.union(writes[write].past)
        result.insert(write)
        return result
    }

    /// Judges that somebody who knows `known` read `value` under `key`; nil if all is well.
    package func judge(read value: Int, key: String, known: BitSet) -> (Property, String)? {
        guard writes.indices.contains(value), writes[value].key == key, !writes[value].isDelete else {
            return (.valuesWereWritten, "\(key) holds \(value), which nobody wrote to it")
        }
        if writes[value].isVoid { return (.refusalsChangeNothing, "\(key) holds \(value), whose write was refused") }
        for later in numbers(ofKey: key)
        where known.contains(later) && !writes[later].isLost && writes[later].past.contains(value) {
            return (
                writes[later].isDelete ? .deletedStaysDeleted : .readsFollowCauses,
                "\(key) read as \(value) by somebody who knows of \(name(later)), which follows it"
            )
        }
        return nil
    }

    /// Judges that somebody who knows `known` was told that there is no `key`.
    ///
    /// - Returns: what is wrong, and the deletion that the answer must be about, if only one can be meant.
    package func judge(absent key: String, known: BitSet) -> (wrong: (Property, String)?, deletion: Int?) {
        let mine = numbers(ofKey: key)
        let seen = mine.filter { known.contains($0) && !writes[$0].isLost }
        let puts = seen.filter { !writes[$0].isDelete }
        var overwritten = BitSet()
        for write in seen { overwritten.formUnion(writes[write].past) }
        let possible = possibleDeletions(ofKey: key).filter { !overwritten.contains($0) }
        guard let last = puts.last else { return (nil, nil) }
        if possible.isEmpty {
            return ((.readsFollowCauses, "no \(key) for somebody who knows of \(name(last))"), nil)
        }
        if let wrong = judge(absent: key, after: puts) { return (wrong, nil) }
        return (nil, possible.count == 1 ? possible[0] : nil)
    }

    /// Judges what `key` holds in the end: every answered write is there or superseded.
    ///
    /// - Parameter timestamp: the timestamp of the entry; nil if there is none, perhaps because its tombstone was
    ///   forgotten.
    package func judge(final value: Int?, timestamp: UInt64?, key: String) -> (Property, String)? {
        let answered = numbers(ofKey: key).filter { writes[$0].answeredMicroseconds != nil && !writes[$0].isLost }
        if let value, !writes.indices.contains(value) || writes[value].key != key {
            return (.valuesWereWritten, "\(key) holds \(value) in the end, which nobody wrote to it")
        }
        if let value, let later = answered.last(where: { writes[$0].past.contains(value) }) {
            let property: Property = writes[later].isDelete ? .deletedStaysDeleted : .laterWriteWins
            return (property, "\(key) holds \(value) in the end, although \(name(later)) follows it")
        }
        let timestamp = timestamp ?? lastDeletionPossible(ofKey: key)
        if let missing = answered.first(where: { (writes[$0].timestamp ?? 0) > timestamp }) {
            return (
                .answeredWriteSurvives,
                "\(key): \(name(missing)), answered at \((writes[missing].answeredMicroseconds ?? 0) / 1_000) ms with "
                    + "timestamp \(writes[missing].timestamp ?? 0), is gone; left is timestamp \(timestamp)"
            )
        }
        return nil
    }

    /// The write that made an entry; nil for a deletion that was not answered.
    func write(of record: Record) -> Int? {
        if let value = record.entry.value {
            let number = Int(String(decoding: value, as: UTF8.self))
            return number.flatMap { writes.indices.contains($0) && writes[$0].key == record.key ? $0 : nil }
        }
        return numbers(ofKey: record.key).last {
            writes[$0].isDelete && writes[$0].timestamp == record.entry.version.timestamp
        }
    }

    /// The timestamp of the last deletion of `key` that was answered and is no later than `timestamp`.
    package func lastDeletion(ofKey key: String, upTo timestamp: UInt64) -> UInt64? {
        numbers(ofKey: key).compactMap { number in
            let write = writes[number]
            guard write.isDelete, write.answeredMicroseconds != nil, let deleted = write.timestamp else { return nil }
            return deleted <= timestamp ? deleted : nil
        }.max()
    }

    /// Notes that `record` died with a node, and with it all writes of its key with a timestamp above `kept` and up to
    /// the record's. The answers to some of them may still be on their way.
    ///
    /// - Returns: the writes among them that were answered or read, and the record's own.
    package mutating func lose(_ record: Record, above kept: UInt64, at micros: UInt64) -> [Int] {
        var lost: [Int] = []
        let gone = record.entry.version.timestamp
        let own = write(of: record)
        losses[record.key, default: []].append((kept, gone, micros))
        loseTombstones(ofKey: record.key, above: kept, upTo: gone)
        for number in numbers(ofKey: record.key) {
            let timestamp = writes[number].timestamp ?? (writes[number].isTold ? writes[number].timestampRead : 0)
            guard number == own || timestamp > kept && timestamp <= gone else { continue }
            writes[number].isLost = true
            lost.append(number)
        }
        return lost
    }

    package func name(_ write: Int) -> String { writes[write].isDelete ? "deletion \(write)" : "\(write)" }
}
