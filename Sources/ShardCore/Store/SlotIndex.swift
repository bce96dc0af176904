/// From keys to the numbers of their slots: a hash table in many small parts.
///
/// Each part grows by itself, so growing never holds a node up for longer than a few thousand keys take, however many
/// there are. A bucket is 8 bytes: the number, and half of the key's hash, by which parts grow without a look at the
/// keys. The keys themselves are in the slots.
struct SlotIndex: Sendable {
    private static let partCount = 256

    /// Linear probing; a deletion moves back what it would cut off.
    private struct Part: Sendable {
        /// 0 if empty, else the hash above and the number plus 1 below.
        var buckets: [UInt64] = []
        var count = 0

        /// Grows from four fifths full to a little over half.
        var isFull: Bool { (count + 1) * 5 > buckets.count * 4 }

        /// The bucket at which the search for a hash begins: buckets are in the order of the hashes, whatever their number.
        func home(_ hash: UInt32) -> Int { Int((UInt64(hash) * UInt64(buckets.count)) >> 32) }

        func after(_ bucket: Int) -> Int { bucket + 1 == buckets.count ? 0 : bucket + 1 }

        mutating func insert(_ bucket: UInt64) {
            var place = home(UInt32(bucket >> 32))
            while buckets[place] != 0 { place = after(place) }
            buckets[place] = bucket
            count += 1
        }

        mutating func grow() {
            let old = buckets
            buckets = Array(repeating: 0, count: max(8, old.count + old.count / 2))
            count = 0
            for bucket in old where bucket != 0 { insert(bucket) }
        }

        mutating func remove(at removed: Int) {
            var hole = removed
            var place = after(hole)
            while buckets[place] != 0 {
                let home = home(UInt32(buckets[place] >> 32))
                // It may move to the hole unless its search begins behind that.
                let isBehind = hole <= place ? home > hole && home <= place : home > hole || home <= place
                if !isBehind {
                    buckets[hole] = buckets[place]
                    hole = place
                }
                place = after(place)
            }
            buckets[hole] = 0
            count -= 1
        }
    }

    private var parts = Array(repeating: Part(), count: partCount)

    /// The slot of `key`, if there is one.
    func position(of key: String, in slots: SlotTable) -> Int? {
        let (part, hash) = Self.place(key)
        return bucket(of: key, hash, in: part, slots).map { Self.position(parts[part].buckets[$0]) }
    }

    /// Adds a key that is not there, whose slot is `position`.
    mutating func insert(_ key: String, at position: Int) {
        let (part, hash) = Self.place(key)
        if parts[part].isFull { parts[part].grow() }
        parts[part].insert(UInt64(hash) << 32 | UInt64(position + 1))
    }

    /// Removes a key while its slot still holds it.
    mutating func remove(_ key: String, in slots: SlotTable) {
        let (part, hash) = Self.place(key)
        guard let bucket = bucket(of: key, hash, in: part, slots) else { return }
        parts[part].remove(at: bucket)
    }

    private func bucket(of key: String, _ hash: UInt32, in part: Int, _ slots: SlotTable) -> Int? {
        let buckets = parts[part].buckets
        guard !buckets.isEmpty else { return nil }
        var key = key
        return key.withUTF8 { bytes in
            var place = parts[part].home(hash)
            while buckets[place] != 0 {
                if UInt32(buckets[place] >> 32) == hash, slots.hasKey(bytes, at: Self.position(buckets[place])) {
                    return place
                }
                place = place + 1 == buckets.count ? 0 : place + 1
            }
            return nil
        }
    }

    private static func position(_ bucket: UInt64) -> Int { Int(bucket & 0xFFFF_FFFF) - 1 }

    private static func place(_ key: String) -> (part: Int, hash: UInt32) {
        var hasher = Hasher()
        hasher.combine(key)
        let hash = UInt64(bitPattern: Int64(hasher.finalize()))
        return (Int(hash % UInt64(partCount)), UInt32(hash >> 32))
    }
}
