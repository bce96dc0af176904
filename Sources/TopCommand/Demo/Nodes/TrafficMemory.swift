import ShardClient

/// The values that one client wrote to its keys, and may therefore read.
struct TrafficMemory {
    private var written: [String: JSONText] = [:]
    /// Writes without an answer. They may take effect at any time, as those of a paused node do.
    private var open: [String: Set<JSONText>] = [:]

    mutating func willWrite(_ value: JSONText, to key: String) {
        open[key, default: []].insert(value)
    }

    mutating func wasWritten(_ value: JSONText, to key: String) {
        written[key] = value
        open[key]?.remove(value)
    }

    /// The fault of an answer, in words; nil if there is none.
    func problem(_ answer: GetAnswer, of key: String) -> String? {
        guard let wanted = written[key], answer.value != wanted else { return nil }
        if let value = answer.value, open[key]?.contains(value) ?? false { return nil }
        let found = answer.value.map { "holds \($0)" } ?? "is missing"
        return "\(key) \(found) through \(answer.node), where \(wanted) was written"
    }
}
