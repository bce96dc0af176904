import ShardClient

/// What one client wrote to its keys, and may therefore read.
struct TrafficMemory {
    private var written: [String: JSONText] = [:]
    /// Writes that nobody answered for. They may take effect at any time, as those of a node that was paused do.
    private var open: [String: Set<JSONText>] = [:]

    mutating func willWrite(_ value: JSONText, to key: String) {
        open[key, default: []].insert(value)
    }

    mutating func wasWritten(_ value: JSONText, to key: String) {
        written[key] = value
        open[key]?.remove(value)
    }

    /// What is wrong with an answer, in words; nil where nothing is.
    func problem(_ answer: GetAnswer, of key: String) -> String? {
        guard let wanted = written[key], answer.value != wanted else { return nil }
        if let value = answer.value, open[key]?.contains(value) ?? false { return nil }
        let found = answer.value.map { "holds \($0)" } ?? "is missing"
        return "\(key) \(found) through \(answer.node), where \(wanted) was written"
    }
}
