/// The slots of a store, in chunks of one size, so that nothing held is ever moved to make room.
///
/// One large array would be copied whenever it is full: at a million keys that stops the node for a tenth of a second,
/// and leaves up to half of the memory unused.
struct SlotTable: Sendable {
    /// The contents of a slot, with the origin by number: 48 bytes, and one block of memory for key and value together.
    private struct Packed: Sendable {
        /// The key in UTF-8, and the value behind it.
        var bytes: [UInt8] = []
        var dependencies = VersionVector()
        var counter: UInt64 = 0
        var timestamp: UInt64 = 0
        var origin: UInt32 = 0
        var generation: UInt32 = 0
        var nextGeneration: UInt32 = 0
        /// The number of bytes that are the key's, and above it a bit that says that there is a value.
        var form: UInt32 = 0

        static let valueBit: UInt32 = 1 << 31

        var keyBytes: Int { Int(form & ~Self.valueBit) }
        var isTombstone: Bool { form & Self.valueBit == 0 }

        /// Puts another value behind the key.
        mutating func setValue(_ value: [UInt8]?) {
            guard let value, !isTombstone, keyBytes + value.count == bytes.count else {
                return set(bytes.prefix(keyBytes), value)
            }
            // Values of one key often stay as long as they were, and then need no new memory.
            let start = keyBytes
            bytes.withUnsafeMutableBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: bytes[start...]).copyBytes(from: value)
            }
        }

        mutating func set(_ key: some Collection<UInt8>, _ value: [UInt8]?) {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(key.count + (value?.count ?? 0))
            bytes += key
            form = UInt32(bytes.count)
            if let value {
                bytes += value
                form |= Self.valueBit
            }
            self.bytes = bytes
        }
    }

    private static let chunkBits = 10
    private static let chunkSlots = 1 << chunkBits

    private var chunks: [ContiguousArray<Packed>] = []
    private var origins = OriginTable()
    private(set) var count = 0

    var indices: Range<Int> { 0..<count }
    /// Of all entries held.
    var originCount: Int { origins.count }

    func key(at position: Int) -> String {
        let chunk = chunk(position)
        let offset = offset(position)
        return String(decoding: chunks[chunk][offset].bytes[..<chunks[chunk][offset].keyBytes], as: UTF8.self)
    }

    /// True if the slot's key is this one, byte for byte.
    func hasKey(_ key: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        let chunk = chunk(position)
        let offset = offset(position)
        guard chunks[chunk][offset].keyBytes == key.count else { return false }
        return chunks[chunk][offset].bytes.withUnsafeBytes { bytes in
            var position = 0
            // Eight at a time: nearly always the keys are the same.
            while position + 8 <= key.count {
                let own = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                guard own == UnsafeRawBufferPointer(key).loadUnaligned(fromByteOffset: position, as: UInt64.self) else {
                    return false
                }
                position += 8
            }
            while position < key.count, bytes[position] == key[position] { position += 1 }
            return position == key.count
        }
    }

    func generation(at position: Int) -> UInt32 { chunks[chunk(position)][offset(position)].generation }

    func nextGeneration(at position: Int) -> UInt32 { chunks[chunk(position)][offset(position)].nextGeneration }

    func keyBytes(at position: Int) -> Int { chunks[chunk(position)][offset(position)].keyBytes }

    /// Nil for a tombstone.
    func valueBytes(at position: Int) -> Int? {
        let chunk = chunk(position)
        let offset = offset(position)
        guard !chunks[chunk][offset].isTombstone else { return nil }
        return chunks[chunk][offset].bytes.count - chunks[chunk][offset].keyBytes
    }

    func isTombstone(at position: Int) -> Bool { chunks[chunk(position)][offset(position)].isTombstone }

    func version(at position: Int) -> Version {
        let chunk = chunk(position)
        let offset = offset(position)
        return Version(
            dot: Dot(origin: origins[chunks[chunk][offset].origin], counter: chunks[chunk][offset].counter),
            timestamp: chunks[chunk][offset].timestamp)
    }

    func dependencies(at position: Int) -> VersionVector { chunks[chunk(position)][offset(position)].dependencies }

    func entry(at position: Int) -> Entry {
        let packed = chunks[chunk(position)][offset(position)]
        let dot = Dot(origin: origins[packed.origin], counter: packed.counter)
        return Entry(
            value: packed.isTombstone ? nil : Array(packed.bytes[packed.keyBytes...]),
            version: Version(dot: dot, timestamp: packed.timestamp),
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
        let origin = origins.use(entry.version.dot.origin)
        origins.release(chunks[chunk][offset].origin)
        chunks[chunk][offset].setValue(entry.value)
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
        chunks[chunk(position)][offset(position)] = Packed()
    }

    private mutating func packed(_ key: String, _ entry: Entry, _ generation: UInt32) -> Packed {
        var packed = Packed(
            dependencies: entry.dependencies, counter: entry.version.dot.counter, timestamp: entry.version.timestamp,
            origin: origins.use(entry.version.dot.origin), generation: generation)
        packed.set(key.utf8, entry.value)
        return packed
    }

    private func chunk(_ position: Int) -> Int { position >> Self.chunkBits }
    private func offset(_ position: Int) -> Int { position & (Self.chunkSlots - 1) }
}
