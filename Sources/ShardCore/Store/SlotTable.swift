/// The slots of a store, in chunks of one size, so that nothing held is ever moved to make room.
///
/// One large array would be copied whenever it is full: at a million keys that stops the node for a tenth of a second,
/// and leaves up to half of the memory unused.
struct SlotTable: Sendable {
    /// What a slot holds, with its origin by number: 64 bytes.
    private struct Packed: Sendable {
        var key: String
        var value: [UInt8]?
        var dependencies: VersionVector
        var counter: UInt64
        var timestamp: UInt64
        var origin: UInt32
        var generation: UInt32
        var nextGeneration: UInt32

        static let free = Packed(
            key: "", value: nil, dependencies: VersionVector(), counter: 0, timestamp: 0, origin: 0, generation: 0,
            nextGeneration: 0)
    }

    private static let chunkBits = 10
    private static let chunkSlots = 1 << chunkBits

    private var chunks: [ContiguousArray<Packed>] = []
    private var origins = OriginTable()
    private(set) var count = 0

    var indices: Range<Int> { 0..<count }
    /// Of all entries held.
    var originCount: Int { origins.count }

    func key(at position: Int) -> String { chunks[chunk(position)][offset(position)].key }

    func generation(at position: Int) -> UInt32 { chunks[chunk(position)][offset(position)].generation }

    func nextGeneration(at position: Int) -> UInt32 { chunks[chunk(position)][offset(position)].nextGeneration }

    /// Nil for a tombstone.
    func valueBytes(at position: Int) -> Int? { chunks[chunk(position)][offset(position)].value?.count }

    func isTombstone(at position: Int) -> Bool { chunks[chunk(position)][offset(position)].value == nil }

    func version(at position: Int) -> Version {
        let chunk = chunk(position)
        let offset = offset(position)
        return Version(
            dot: Dot(origin: origins[chunks[chunk][offset].origin], counter: chunks[chunk][offset].counter),
            timestamp: chunks[chunk][offset].timestamp)
    }

    func entry(at position: Int) -> Entry {
        let packed = chunks[chunk(position)][offset(position)]
        let dot = Dot(origin: origins[packed.origin], counter: packed.counter)
        return Entry(
            value: packed.value, version: Version(dot: dot, timestamp: packed.timestamp),
            dependencies: packed.dependencies)
    }

    func record(at position: Int) -> Record { Record(key: key(at: position), entry: entry(at: position)) }

    mutating func setGeneration(_ generation: UInt32, at position: Int) {
        chunks[chunk(position)][offset(position)].generation = generation
    }

    mutating func setNextGeneration(_ generation: UInt32, at position: Int) {
        chunks[chunk(position)][offset(position)].nextGeneration = generation
    }

    /// Puts another entry into a slot that is in use.
    mutating func setEntry(_ entry: Entry, at position: Int) {
        let chunk = chunk(position)
        let offset = offset(position)
        // First taken, so that one and the same origin is not given up in between.
        let origin = origins.take(entry.version.dot.origin)
        origins.release(chunks[chunk][offset].origin)
        chunks[chunk][offset].value = entry.value
        chunks[chunk][offset].dependencies = entry.dependencies
        chunks[chunk][offset].counter = entry.version.dot.counter
        chunks[chunk][offset].timestamp = entry.version.timestamp
        chunks[chunk][offset].origin = origin
    }

    /// Adds a slot, of the next number.
    mutating func append(_ key: String, _ entry: Entry, generation: UInt32) {
        if count == chunks.count * Self.chunkSlots {
            var chunk = ContiguousArray<Packed>()
            chunk.reserveCapacity(Self.chunkSlots)
            chunks.append(chunk)
        }
        let packed = packed(key, entry, generation)
        chunks[chunks.count - 1].append(packed)
        count += 1
    }

    /// Uses a free slot.
    mutating func fill(_ position: Int, _ key: String, _ entry: Entry, generation: UInt32) {
        let packed = packed(key, entry, generation)
        chunks[chunk(position)][offset(position)] = packed
    }

    /// Frees a slot that is in use.
    mutating func free(_ position: Int) {
        origins.release(chunks[chunk(position)][offset(position)].origin)
        chunks[chunk(position)][offset(position)] = .free
    }

    private mutating func packed(_ key: String, _ entry: Entry, _ generation: UInt32) -> Packed {
        Packed(
            key: key, value: entry.value, dependencies: entry.dependencies, counter: entry.version.dot.counter,
            timestamp: entry.version.timestamp, origin: origins.take(entry.version.dot.origin),
            generation: generation, nextGeneration: 0)
    }

    private func chunk(_ position: Int) -> Int { position >> Self.chunkBits }
    private func offset(_ position: Int) -> Int { position & (Self.chunkSlots - 1) }
}
