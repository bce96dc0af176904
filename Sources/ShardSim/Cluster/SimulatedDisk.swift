import ShardCore
import ShardWire

/// A node's disk: the changes that were committed, in the bytes that real nodes write.
public struct SimulatedDisk {
    private var rows: [String: [UInt8]] = [:]
    private var state: [UInt8] = []
    /// True while nothing can be written.
    var isFailing = false
    let durability: Durability

    init(durability: Durability) { self.durability = durability }

    mutating func commit(_ changes: [DiskChange]) {
        for change in changes {
            if change.clearsFirst { rows.removeAll() }
            for key in change.removals { rows[key] = nil }
            for record in change.records { rows[record.key] = DiskCodec.encode(record.entry, under: record.key) }
            state = DiskCodec.encode(change.state)
        }
    }

    /// The contents that a restart reads; nil if nothing was ever committed.
    func read() -> DiskImage? {
        guard !state.isEmpty else { return nil }
        do {
            var entries: [String: Entry] = [:]
            for (key, row) in rows { entries[key] = try DiskCodec.decodeEntry(row[...], under: key) }
            return DiskImage(state: try DiskCodec.decodeState(state[...]), entries: entries)
        } catch {
            preconditionFailure("what was written cannot be read: \(error)")
        }
    }
}
