@testable import ValkeyClient

extension SlotWorld.State {
    /// - Parameter before: replies to the commands before it in the same call: `ASKING` counts for the next.
    mutating func answer(_ command: Command, _ index: Int, _ before: inout [RESPValue]) -> RESPValue {
        let words = command.arguments.map { String(decoding: $0, as: UTF8.self) }
        switch words[0] {
        case "PING": return .simple("PONG")
        case "ASKING": return .simple("OK")
        case "EXISTS": return .integer(nodes[index].keys[Self.slot(words[1])]?[words[1]] == nil ? 0 : 1)
        case "DEL":
            set(Self.slot(words[1]), words[1], nil, at: index)
            return .integer(1)
        case "ROLE": return .array([.bulk(Array((nodes[index].primary == nil ? "master" : "slave").utf8))])
        case "INFO": return .bulk(Array("redis_version:7.0.15\r\nredis_mode:cluster\r\n".utf8))
        case "CONFIG": return .array([.bulk(Array("cluster-node-timeout".utf8)), .bulk(Array("50".utf8))])
        case "COMMAND": return .error(RESPError("ERR unknown"))
        case "DUMP":
            let slot = Self.slot(words[1])
            guard let value = nodes[index].keys[slot]?[words[1]] else { return .null }
            return .bulk(Array("\(value)".utf8) + [UInt8](repeating: UInt8(index), count: 10))
        case "MIGRATE": return migrate(words, index)
        case "CLUSTER": return cluster(command, words, index)
        default: return .error(RESPError("ERR unknown command"))
        }
    }

    static func slot(_ key: String) -> Int { (Int(key.dropFirst()) ?? 0) % SlotWorld.activeSlots.count }

    private mutating func cluster(_ command: Command, _ words: [String], _ index: Int) -> RESPValue {
        let slot = words.count > 2 ? Int(words[2]) ?? -1 : -1
        switch words[1] {
        case "NODES": return .bulk(Array(nodesText(index).utf8))
        case "COUNTKEYSINSLOT": return .integer(Int64(nodes[index].keys[slot]?.count ?? 0))
        case "GETKEYSINSLOT":
            let keys = nodes[index].keys[slot, default: [:]].keys.sorted().prefix(Int(words[3]) ?? 0)
            return .array(keys.map { .bulk(Array($0.utf8)) })
        case "SETSLOT":
            guard nodes[index].primary == nil else {
                return .error(RESPError("ERR You can use SETSLOT only with masters."))
            }
            if chances.isValkey { tellReplica(command, of: index) }
            return setSlot(slot, words, index)
        case "ADDSLOTS":
            if nodes[index].view[slot] != nil { return .error(RESPError("ERR Slot \(slot) is already busy")) }
            claim(slot, index)
            return .simple("OK")
        case "BUMPEPOCH":
            bump(index)
            spread(from: index)
            return .simple("BUMPED")
        case "FAILOVER":
            guard let primary = nodes[index].primary else { return .error(RESPError("ERR not a replica")) }
            become(
                primary: index, insteadOf: primary, slots: nodes[index].view.filter { $0.value == primary }.map(\.key))
            if !nodes[primary].isUp { returnAt[primary] = (calls + Int.random(in: 1...10, using: &random), index) }
            return .simple("OK")
        default: return .error(RESPError("ERR unknown subcommand"))
        }
    }

    private mutating func bump(_ index: Int) {
        nodes[index].epoch = (nodes.map(\.epoch).max() ?? 0) + 1
        for (slot, owner) in nodes[index].view where owner == index {
            nodes[index].viewEpochs[slot] = nodes[index].epoch
        }
    }

    /// Valkey does what it is told about a slot once its replica has done it.
    mutating func tellReplica(_ command: Command, of index: Int) {
        let words = command.arguments.map { String(decoding: $0, as: UTF8.self) }
        guard words.count > 3, words[1] == "SETSLOT", let slot = Int(words[2]), nodes[index].primary == nil,
            let replica = nodes.indices.first(where: { nodes[$0].primary == index && nodes[$0].isUp })
        else { return }
        let isOwner = nodes[index].view[slot] == index
        let other = words.count > 4 ? nodes.firstIndex { "\($0.id)" == words[4] } : nil
        switch words[3] {
        case "STABLE":
            nodes[replica].migrating[slot] = nil
            nodes[replica].importing[slot] = nil
        case "IMPORTING": if !isOwner { nodes[replica].importing[slot] = other }
        case "MIGRATING": if isOwner { nodes[replica].migrating[slot] = other }
        default:
            guard let other, !isOwner || other == index || nodes[index].keys[slot]?.isEmpty ?? true else { return }
            nodes[replica].migrating[slot] = nil
            if other == index { nodes[replica].importing[slot] = nil }
            nodes[replica].view[slot] = other
            nodes[replica].viewEpochs[slot] = nodes[other].epoch
        }
    }

    /// A primary that takes a slot for its own tells everybody which it has. Of the next one, which it has only told its
    /// replica of, that one hears so that it is not the primary's, and gives it back to who claims it.
    mutating func doubtTheLast(_ commands: ArraySlice<Command>, of index: Int) {
        let words = commands.map { $0.arguments.map { String(decoding: $0, as: UTF8.self) } }
        guard words.allSatisfy({ $0.count > 4 && $0[3] == "NODE" && $0[4] == "\(nodes[index].id)" }),
            let slot = words.last.flatMap({ Int($0[2]) }),
            let replica = nodes.indices.first(where: { nodes[$0].primary == index && nodes[$0].isUp }),
            let owner = nodes.indices.first(where: { nodes[$0].view[slot] == $0 && nodes[$0].primary == nil })
        else { return }
        nodes[replica].view[slot] = owner
        nodes[replica].viewEpochs[slot] = nodes[owner].epoch
    }

    private mutating func setSlot(_ slot: Int, _ words: [String], _ index: Int) -> RESPValue {
        let isOwner = nodes[index].view[slot] == index
        if words[3] == "STABLE" {
            nodes[index].migrating[slot] = nil
            nodes[index].importing[slot] = nil
            return .simple("OK")
        }
        guard let other = nodes.firstIndex(where: { "\($0.id)" == words[4] }) else {
            return .error(RESPError("ERR Unknown node"))
        }
        guard nodes[other].primary == nil else { return .error(RESPError("ERR Target node is not a master")) }
        switch words[3] {
        case "IMPORTING":
            if isOwner { return .error(RESPError("ERR I'm already the owner of hash slot \(slot)")) }
            nodes[index].importing[slot] = other
        case "MIGRATING":
            guard isOwner else { return .error(RESPError("ERR I'm not the owner of hash slot \(slot)")) }
            nodes[index].migrating[slot] = other
        default:
            let isEmpty = nodes[index].keys[slot]?.isEmpty ?? true
            if isOwner, other != index, !isEmpty {
                return .error(
                    RESPError("ERR Can't assign hashslot \(slot) to a different node while I still hold keys"))
            }
            if isEmpty { nodes[index].migrating[slot] = nil }
            nodes[index].view[slot] = other
            if other == index {
                let wasImporting = nodes[index].importing.removeValue(forKey: slot) != nil
                if wasImporting { bump(index) }
                nodes[index].viewEpochs[slot] = nodes[index].epoch
                if wasImporting { spread(from: index) }
            } else {
                nodes[index].viewEpochs[slot] = nodes[other].epoch
            }
        }
        return .simple("OK")
    }

    private mutating func migrate(_ words: [String], _ index: Int) -> RESPValue {
        guard let list = words.firstIndex(of: "KEYS"),
            let target = nodes.firstIndex(where: { "\($0.address.port)" == words[2] })
        else { return .error(RESPError("ERR syntax error")) }
        let keys = words[(list + 1)...].filter { nodes[index].keys[Self.slot($0)]?[$0] != nil }
        guard nodes[index].primary == nil else { return .error(RESPError("MOVED 0 127.0.0.1:1")) }
        guard !keys.isEmpty else { return .simple("NOKEY") }
        let slot = Self.slot(keys[0])
        guard nodes[index].view[slot] == index || nodes[index].importing[slot] != nil else {
            return .error(RESPError("MOVED \(slot) 127.0.0.1:1"))
        }
        var refusal: RESPValue?
        for key in keys {
            guard nodes[target].isUp else {
                return .error(RESPError("IOERR error or timeout connecting to the client"))
            }
            // It looks for the owner before it looks at what it takes in.
            guard nodes[target].view[slot] != nil else {
                return .error(
                    RESPError("ERR Target instance replied with error: CLUSTERDOWN Hash slot not served"))
            }
            let isOwner = nodes[target].view[slot] == target
            let isMissing = nodes[target].keys[slot]?[key] == nil
            if isOwner, nodes[target].migrating[slot] != nil, isMissing {
                refusal = .error(RESPError("ERR Target instance replied with error: ASK \(slot)"))
            } else if !isOwner, nodes[target].importing[slot] == nil || nodes[target].primary != nil {
                refusal = .error(RESPError("ERR Target instance replied with error: MOVED \(slot)"))
            } else if !isMissing, !words[..<list].contains("REPLACE") {
                refusal = .error(
                    RESPError("ERR Target instance replied with error: BUSYKEY Target key name already exists."))
            } else {
                if let value = nodes[index].keys[slot]?[key] { set(slot, key, value, at: target) }
                if chance(chances.lostMigrate) {
                    return .error(RESPError("IOERR error or timeout reading to target instance"))
                }
                set(slot, key, nil, at: index)
                let dies = chances.death.map { calls >= $0.call && $0.node == target } ?? false
                if dies { kill(target) }
            }
        }
        return refusal ?? .simple("OK")
    }

    private func nodesText(_ viewer: Int) -> String {
        nodes.indices.map { index in
            let node = nodes[index]
            var flags = node.primary == nil ? "master" : "slave"
            if index == viewer { flags = "myself," + flags }
            if !node.isUp { flags += ",fail" }
            let slots = nodes[viewer].view.filter { $0.value == index }.keys.sorted()
            var fields = [
                "\(node.id)", "\(node.address)@\(node.address.port + 10_000)", flags,
                node.primary.map { "\(nodes[$0].id)" } ?? "-", "0", "0", "\(node.epoch)", "connected",
            ]
            fields += slots.map { "\($0)" }
            // The slots that nothing happens to.
            if index == 1 { fields.append("\(SlotWorld.activeSlots.count)-\(HashSlot.count - 1)") }
            if index == viewer {
                fields += node.migrating.sorted { $0.key < $1.key }.map { "[\($0.key)->-\(nodes[$0.value].id)]" }
                fields += node.importing.sorted { $0.key < $1.key }.map { "[\($0.key)-<-\(nodes[$0.value].id)]" }
            }
            return fields.joined(separator: " ") + "\n"
        }.joined()
    }
}
