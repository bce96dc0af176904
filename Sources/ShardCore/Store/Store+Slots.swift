/// Reading by slot: first which keys there are, later their entries.
extension Store {
    /// The keys from slot `cursor` on, deleted ones included, until a limit is reached.
    ///
    /// - Returns: the keys, and the slot where the next page begins; nil after the last.
    func keyPage(from cursor: UInt64, keysMax: Int, bytesMax: Int, slotsMax: Int) -> (keys: [SlotKey], next: UInt64?) {
        var keys: [SlotKey] = []
        var weightBytes = 0
        let start = Int(clamping: cursor)
        var position = start
        while position < slots.count, keys.count < keysMax, weightBytes < bytesMax, position - start < slotsMax {
            if isHeld(position), let number = UInt32(exactly: position), number <= SlotKey.slotMax {
                let key = slots.key(at: position)
                keys.append(SlotKey(slot: number, key: key, valueBytes: slots.valueBytes(at: position)))
                weightBytes += key.utf8.count + 8
            }
            position += 1
        }
        return (keys, position < slots.count ? UInt64(position) : nil)
    }

    /// The entries in the slots given, as they are now, until `bytesMax` is reached; slots that hold nothing are
    /// passed over.
    ///
    /// - Returns: the entries, and how many of the slots were looked at.
    func read(_ numbers: ArraySlice<UInt32>, bytesMax: Int) -> (records: [Record], taken: Int) {
        var records: [Record] = []
        var weightBytes = 0
        var taken = 0
        for number in numbers where weightBytes < bytesMax {
            taken += 1
            let position = Int(number)
            guard slots.indices.contains(position), isHeld(position) else { continue }
            let record = record(at: position)
            weightBytes += record.weightBytes
            records.append(record)
        }
        return (records, taken)
    }
}
