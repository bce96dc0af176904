extension ClassicBatch {
    /// The target had keys of the slot before this batch: only what is the same at both ends may be replaced.
    mutating func compare(_ slot: HashSlot) -> Step {
        asked = [slot]
        let keys = states[slot]?.keys ?? []
        phase = .comparing
        let source = keys.map { Command("DUMP").adding(bytes: [$0]) }
        return .ask([
            Request(source, to: from.address, within: .seconds(20)),
            Request(source.flatMap { [Command("ASKING"), $0] }, to: to.address, within: .seconds(20)),
        ])
    }

    mutating func compared(source: [RESPValue], target: [RESPValue]) -> Step {
        guard let slot = asked.first, let keys = states[slot]?.keys, source.count == keys.count,
            target.count == 2 * keys.count
        else { return end(.replyCount(at: from.address)) }
        var differing: [[UInt8]] = []
        for (index, key) in keys.enumerated() where !Self.isSame(source[index], target[2 * index + 1]) {
            differing.append(key)
        }
        if differing.isEmpty {
            states[slot]?.replaces = true
        } else {
            states[slot]?.trouble = .differs(keys: differing)
            queue.removeAll { $0 == slot }
            stuck.append(slot)
        }
        return move()
    }

    /// Whether the target has the same, or nothing. A dump ends with two bytes of version and eight of a checksum that
    /// differ between programs for the same value.
    static func isSame(_ source: RESPValue, _ target: RESPValue) -> Bool {
        if target.isNull || source.isNull { return true }
        guard let one = source.bytes, let other = target.bytes, one.count > 10, other.count > 10 else { return false }
        return one.dropLast(10).elementsEqual(other.dropLast(10))
    }
}
