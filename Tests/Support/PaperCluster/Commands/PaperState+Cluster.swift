import ValkeyClient

extension PaperState {
    /// What `CLUSTER` takes on every engine.
    static let subcommands: Set<String> = [
        "ADDSLOTS", "ADDSLOTSRANGE", "BUMPEPOCH", "COUNTKEYSINSLOT", "DELSLOTS", "DELSLOTSRANGE", "FAILOVER", "FORGET",
        "GETKEYSINSLOT", "INFO", "KEYSLOT", "MEET", "MYID", "NODES", "REPLICATE", "RESET", "SAVECONFIG", "SETSLOT",
        "SHARDS", "SLOTS",
    ]

    mutating func cluster(_ command: PaperCommand, _ node: Int) -> RESPValue {
        let name = command.word(1)
        guard Self.subcommands.contains(name) || engine.ownSubcommands.contains(name) else {
            return unknownSubcommand(command)
        }
        switch name {
        case "NODES": return .verbatim(format: "txt", bytes: Array(nodesText(seenBy: node).utf8))
        case "INFO": return .verbatim(format: "txt", bytes: Array(infoText(seenBy: node).utf8))
        case "SHARDS": return shards(seenBy: node)
        case "SLOTS": return slotTable(seenBy: node)
        case "MYID", "MYSHARDID": return .text(nodes[node].id)
        case "KEYSLOT": return .integer(HashSlot(key: command.bytes.count > 2 ? command.bytes[2] : []).number)
        case "SLOT-STATS": return slotStatistics(node)
        case "COUNTKEYSINSLOT", "GETKEYSINSLOT": return keysInSlot(command, node)
        default: break
        }
        touch()
        switch name {
        case "SETSLOT": return setSlot(command, node)
        case "ADDSLOTS", "DELSLOTS", "ADDSLOTSRANGE", "DELSLOTSRANGE": return assign(command, node)
        case "MIGRATESLOTS": return migrateSlots(command, node)
        case "GETSLOTMIGRATIONS":
            advanceJobs(of: node)
            return .array(jobs.reversed().compactMap { valkeyJob($0, node) })
        case "CANCELSLOTMIGRATIONS":
            let count = endJobs(of: node, .cancelled, "") { $0.source == node }
            return count == 0 ? .failure("ERR No migrations ongoing") : .ok
        case "MIGRATION": return migration(command, node)
        default: return member(command, node)
        }
    }

    private func keysInSlot(_ command: PaperCommand, _ node: Int) -> RESPValue {
        guard let slot = command.number(2), HashSlot(slot) != nil else { return .failure("ERR Invalid slot") }
        guard command.word(1) == "GETKEYSINSLOT" else { return .integer(keyCount(node, inSlot: slot)) }
        guard let most = command.number(3), most >= 0 else {
            return .failure("ERR Invalid slot or number of keys")
        }
        let keys = nodes[store(node)].keys[slot, default: [:]].keys.sorted()
        return .array(keys.prefix(most).map { .text($0) })
    }

    private func slotStatistics(_ node: Int) -> RESPValue {
        .array(
            nodes[node].slots.map { slot in
                .array([
                    .integer(slot.number),
                    .map([.init("key-count", .integer(keyCount(node, inSlot: slot.number)))]),
                ])
            })
    }

    private mutating func assign(_ command: PaperCommand, _ node: Int) -> RESPValue {
        let numbers = command.words.dropFirst(2).compactMap { Int($0) }
        let isRange = command.word(1).hasSuffix("RANGE")
        guard !numbers.isEmpty, !isRange || numbers.count.isMultiple(of: 2), numbers.allSatisfy({ HashSlot($0) != nil })
        else { return .failure("ERR Invalid or out of range slot") }
        var slots = SlotSet()
        for place in stride(from: 0, to: numbers.count, by: isRange ? 2 : 1) {
            let last = isRange ? numbers[place + 1] : numbers[place]
            guard numbers[place] <= last else {
                return .failure("ERR start slot number \(numbers[place]) is greater than end slot number \(last)")
            }
            slots.insert(numbers[place]...last)
        }
        let isAdding = command.word(1).hasPrefix("ADD")
        for slot in slots {
            let isOwned = owner(slot.number, seenBy: node) != nil
            if isAdding, isOwned { return .failure("ERR Slot \(slot) is already busy") }
            if !isAdding, !isOwned { return .failure("ERR Slot \(slot) is already unassigned") }
        }
        give(slots, to: isAdding ? node : nil)
        return .ok
    }

    // MARK: An open slot

    private mutating func setSlot(_ command: PaperCommand, _ node: Int) -> RESPValue {
        if nodes[node].isReplica { return .failure("ERR Please use SETSLOT only with masters.") }
        guard let slot = command.number(2), HashSlot(slot) != nil else {
            return .failure("ERR Invalid or out of range slot")
        }
        if command.word(3) == "STABLE" {
            nodes[node].migrating[slot] = nil
            nodes[node].importing[slot] = nil
            return .ok
        }
        guard command.words.count > 4, ["NODE", "MIGRATING", "IMPORTING"].contains(command.word(3)) else {
            return .failure("ERR Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP.")
        }
        let isOwner = owner(slot, seenBy: node) == node
        if command.word(3) == "MIGRATING", !isOwner {
            return .failure("ERR I'm not the owner of hash slot \(slot)")
        }
        if command.word(3) == "IMPORTING", isOwner {
            return .failure("ERR I'm already the owner of hash slot \(slot)")
        }
        guard let other = index(id: command.words[4], knownTo: node) else {
            let words = command.word(3) == "NODE" ? "Unknown node" : "I don't know about node"
            return .failure("ERR \(words) \(command.words[4])")
        }
        if nodes[other].isReplica { return .failure("ERR Target node is not a master") }
        switch command.word(3) {
        case "MIGRATING": nodes[node].migrating[slot] = other
        case "IMPORTING": nodes[node].importing[slot] = other
        default:
            if isOwner, other != node, nodes[node].keys[slot]?.isEmpty == false {
                return .failure(
                    "ERR Can't assign hashslot \(slot) to a different node while I still hold keys for this hash slot.")
            }
            settle(slot, on: other, at: node)
        }
        return .ok
    }

    /// `SETSLOT … NODE`, as one node hears it.
    private mutating func settle(_ slot: Int, on owner: Int, at node: Int) {
        nodes[node].migrating[slot] = nil
        guard owner == node else {
            nodes[node].view[slot] = .some(owner)
            dropAgreed(slot)
            return
        }
        if nodes[node].importing.removeValue(forKey: slot) != nil {
            nodes[node].epoch = (nodes.map(\.epoch).max() ?? 0) + 1
        }
        if gossips {
            for index in nodes.indices where index != node { nodes[index].migrating[slot] = nil }
            give(SlotSet(slot...slot), to: node)
        } else {
            nodes[node].view[slot] = .some(node)
            dropAgreed(slot)
        }
    }

    /// Where all see the same owner again, that is the owner.
    private mutating func dropAgreed(_ slot: Int) {
        let circle = nodes.indices.filter { !nodes[$0].isReplica && nodes[$0].isRunning }
        let owners = Set(circle.map { owner(slot, seenBy: $0) })
        if owners.count == 1, let owner = owners.first { give(SlotSet(slot...slot), to: owner) }
    }
}
