/// The slot of a key's entry at the node it is read from, and a bit for a tombstone: four bytes a key.
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
///
/// In chunks, so that room for one more key never means to copy all of them, and what was read is given back.
struct KeyIndex: Sendable {
    private struct Chunk {
        var places: [Place] = []
        var lengths: [UInt32] = []
        var texts: [UInt8] = []
    }

    private static let keysPerChunk = 4_096

    private var chunks: [Chunk] = []
    /// The chunk that is read, and where in it.
    private var read = (chunk: 0, keys: 0, bytes: 0)

    mutating func append(_ key: SlotKey) {
        if chunks.last.map({ $0.places.count >= Self.keysPerChunk }) ?? true { chunks.append(Chunk()) }
        let last = chunks.count - 1
        chunks[last].places.append(Place(slot: key.slot, isTombstone: key.valueBytes == nil))
        chunks[last].lengths.append(UInt32(key.key.utf8.count))
        chunks[last].texts += key.key.utf8
    }

    /// The next key in order; nil after the last.
    mutating func next() -> (key: String, place: Place)? {
        guard read.chunk < chunks.count else { return nil }
        if read.keys == chunks[read.chunk].places.count {
            guard read.chunk + 1 < chunks.count else { return nil }
            chunks[read.chunk] = Chunk()
            read = (read.chunk + 1, 0, 0)
        }
        let end = read.bytes + Int(chunks[read.chunk].lengths[read.keys])
        defer { (read.keys, read.bytes) = (read.keys + 1, end) }
        return (
            String(decoding: chunks[read.chunk].texts[read.bytes..<end], as: UTF8.self),
            chunks[read.chunk].places[read.keys]
        )
    }
}
