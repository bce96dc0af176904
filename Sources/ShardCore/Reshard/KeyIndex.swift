/// Where a key's entry is found at the node it is read from, and whether it was a tombstone: four bytes a key.
struct Place: Hashable, Sendable {
    private let bits: UInt32
    private static let tombstone: UInt32 = 1 << 31

    /// - Parameter slot: at most ``SlotKey/slotMax``.
    init(slot: UInt32, isTombstone: Bool) { bits = slot & ~Self.tombstone | (isTombstone ? Self.tombstone : 0) }

    var slot: UInt32 { bits & ~Self.tombstone }
    var isTombstone: Bool { bits & Self.tombstone != 0 }
}

/// The keys of a shard in the order they were read, packed: what a coordinator keeps of them until their new shards
/// are known. The entries stay where they are.
struct KeyIndex: Sendable {
    private var places: [Place] = []
    private var lengths: [UInt32] = []
    private var texts: [UInt8] = []
    private var read = (keys: 0, bytes: 0)

    mutating func append(_ key: SlotKey) {
        places.append(Place(slot: key.slot, isTombstone: key.valueBytes == nil))
        lengths.append(UInt32(key.key.utf8.count))
        texts += key.key.utf8
    }

    /// The next key in order; nil after the last.
    mutating func next() -> (key: String, place: Place)? {
        guard read.keys < places.count else { return nil }
        let end = read.bytes + Int(lengths[read.keys])
        defer { read = (read.keys + 1, end) }
        return (String(decoding: texts[read.bytes..<end], as: UTF8.self), places[read.keys])
    }
}
