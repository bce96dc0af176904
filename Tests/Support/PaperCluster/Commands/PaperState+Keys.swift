import ValkeyClient

/// Keys, and where else to ask for them.
extension PaperState {
    /// Which words are keys: the first only, or all.
    enum KeyPlaces { case first, all }

    static let keyCommands: [String: KeyPlaces] = [
        "GET": .first, "SET": .first, "DEL": .all, "UNLINK": .all, "EXISTS": .all, "TYPE": .first, "TTL": .first,
        "PTTL": .first, "EXPIRE": .first, "PEXPIRE": .first, "STRLEN": .first, "MGET": .all,
    ]

    mutating func keys(_ command: PaperCommand, _ node: Int, isAsking: Bool) -> RESPValue {
        guard command.words.count > 1 else {
            return .failure("ERR wrong number of arguments for '\(command.words[0].lowercased())' command")
        }
        let isAll = Self.keyCommands[command.word(0)] == .all
        let keys = isAll ? Array(command.words.dropFirst()) : [command.words[1]]
        let slots = Set(keys.map { HashSlot(key: $0).number })
        guard let slot = slots.first, slots.count == 1 else {
            return .failure("CROSSSLOT Keys in request don't hash to the same slot")
        }
        if let elsewhere = redirect(slot, keys, node, isAsking: isAsking) { return elsewhere }
        return carryOut(command, keys, slot, node)
    }

    /// Nil where the node itself serves it.
    private mutating func redirect(_ slot: Int, _ keys: [String], _ node: Int, isAsking: Bool) -> RESPValue? {
        if isDown(seenBy: node) { return .failure("CLUSTERDOWN The cluster is down") }
        guard let owner = owner(slot, seenBy: node) else { return .failure("CLUSTERDOWN Hash slot not served") }
        let missing = keys.count { nodes[node].keys[slot]?[$0] == nil }
        let tryAgain = RESPValue.failure("TRYAGAIN Multiple keys request during rehashing of slot")
        if owner == node {
            guard let target = nodes[node].migrating[slot], missing > 0 else { return nil }
            if missing < keys.count { return tryAgain }
            return .failure("ASK \(slot) 127.0.0.1:\(nodes[target].port)")
        }
        if isAsking, nodes[node].importing[slot] != nil {
            return keys.count > 1 && missing > 0 ? tryAgain : nil
        }
        return .failure("MOVED \(slot) 127.0.0.1:\(nodes[owner].port)")
    }

    private mutating func carryOut(
        _ command: PaperCommand, _ keys: [String], _ slot: Int, _ node: Int
    ) -> RESPValue {
        let found = keys.map { nodes[node].keys[slot]?[$0] }
        switch command.word(0) {
        case "GET": return found[0].map { .bulk($0) } ?? .null
        case "MGET": return .array(found.map { $0.map { .bulk($0) } ?? .null })
        case "SET":
            guard command.bytes.count > 2 else { return .failure("ERR wrong number of arguments for 'set' command") }
            nodes[node].keys[slot, default: [:]][keys[0]] = command.bytes[2]
            return .ok
        case "DEL", "UNLINK":
            for key in keys { nodes[node].keys[slot]?[key] = nil }
            return .integer(found.count { $0 != nil })
        case "EXISTS": return .integer(found.count { $0 != nil })
        case "TYPE": return .simple(found[0] == nil ? "none" : "string")
        case "TTL", "PTTL": return .integer(found[0] == nil ? -2 : -1)
        case "STRLEN": return .integer(found[0]?.count ?? 0)
        default: return .integer(found[0] == nil ? 0 : 1)
        }
    }

    // MARK: Key by key to another node

    /// `MIGRATE host port key|"" database time-out [COPY] [REPLACE] [AUTH … | AUTH2 …] [KEYS key …]`.
    mutating func migrate(_ command: PaperCommand, _ node: Int) -> RESPValue {
        guard command.words.count > 5, let port = command.number(2) else { return .failure("ERR syntax error") }
        let options = command.words.dropFirst(6)
        let list = options.firstIndex { $0.uppercased() == "KEYS" }
        let keys = list.map { Array(command.words[($0 + 1)...]) } ?? [command.words[3]]
        let flags = Set(options.prefix { $0.uppercased() != "KEYS" }.map { $0.uppercased() })
        let here = keys.filter { nodes[node].keys[HashSlot(key: $0).number]?[$0] != nil }
        guard !here.isEmpty else { return .simple("NOKEY") }
        guard let target = index(port: port), nodes[target].isRunning else {
            return .failure("IOERR error or timeout writing to target instance")
        }
        touch()
        var refusal: RESPValue?
        for key in here {
            let slot = HashSlot(key: key).number
            if let words = refusesKey(key, slot, target, isReplacing: flags.contains("REPLACE")) {
                refusal = .failure("ERR Target instance replied with error: \(words)")
                continue
            }
            nodes[target].keys[slot, default: [:]][key] = nodes[node].keys[slot]?[key]
            if !flags.contains("COPY") { nodes[node].keys[slot]?[key] = nil }
        }
        return refusal ?? .ok
    }

    private func refusesKey(_ key: String, _ slot: Int, _ target: Int, isReplacing: Bool) -> String? {
        if nodes[target].isLoading { return "LOADING Redis is loading the dataset in memory" }
        let owner = owner(slot, seenBy: target)
        guard owner == target || nodes[target].importing[slot] != nil else {
            return owner.map { "MOVED \(slot) 127.0.0.1:\(nodes[$0].port)" } ?? "CLUSTERDOWN Hash slot not served"
        }
        return nodes[target].keys[slot]?[key] != nil && !isReplacing ? "BUSYKEY Target key name already exists." : nil
    }
}
