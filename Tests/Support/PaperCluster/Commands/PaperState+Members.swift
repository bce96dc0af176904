import ValkeyClient

/// Who belongs to the cluster, and as what.
extension PaperState {
    mutating func member(_ command: PaperCommand, _ node: Int) -> RESPValue {
        switch command.word(1) {
        case "MEET": return meet(command, node)
        case "FORGET": return forget(command, node)
        case "REPLICATE": return replicate(command, node)
        case "RESET": return reset(command, node)
        case "FAILOVER": return failOver(command, node)
        case "BUMPEPOCH":
            nodes[node].epoch = (nodes.map(\.epoch).max() ?? 0) + 1
            return .simple("BUMPED \(nodes[node].epoch)")
        default: return .ok
        }
    }

    private mutating func meet(_ command: PaperCommand, _ node: Int) -> RESPValue {
        guard let port = command.number(3), (1...65_535).contains(port) else {
            return .failure("ERR Invalid TCP base port specified: \(command.words.dropFirst(3).first ?? "")")
        }
        // One that is not there stays in handshake for a while and is dropped: nobody sees anything of it here.
        guard let other = index(port: port), nodes[other].isRunning else { return .ok }
        let joining = nodes[other].circle
        for index in nodes.indices where nodes[index].circle == joining { nodes[index].circle = nodes[node].circle }
        for index in nodes.indices { nodes[index].forgotten.subtract([node, other]) }
        return .ok
    }

    private mutating func forget(_ command: PaperCommand, _ node: Int) -> RESPValue {
        let id = command.words.count > 2 ? command.words[2] : ""
        guard let other = index(id: id, knownTo: node) else { return .failure("ERR Unknown node \(id)") }
        if other == node { return .failure("ERR I tried hard but I can't forget myself...") }
        if nodes[node].primary == other { return .failure("ERR Can't forget my master!") }
        nodes[node].forgotten.insert(other)
        return .ok
    }

    private mutating func replicate(_ command: PaperCommand, _ node: Int) -> RESPValue {
        let id = command.words.count > 2 ? command.words[2] : ""
        guard let primary = index(id: id, knownTo: node) else { return .failure("ERR Unknown node \(id)") }
        if primary == node { return .failure("ERR Can't replicate myself") }
        if nodes[primary].isReplica { return .failure("ERR I can only replicate a master, not a replica.") }
        if !nodes[node].isReplica, !nodes[node].slots.isEmpty || keyCount(node) > 0 {
            return .failure("ERR To set a master the node must be empty and without assigned slots.")
        }
        nodes[node].primary = primary
        return .ok
    }

    private mutating func reset(_ command: PaperCommand, _ node: Int) -> RESPValue {
        if !nodes[node].isReplica, keyCount(node) > 0 {
            return .failure("ERR CLUSTER RESET can't be called with master nodes containing keys")
        }
        give(nodes[node].slots, to: nil)
        nodes[node].primary = nil
        nodes[node].migrating = [:]
        nodes[node].importing = [:]
        nodes[node].view = [:]
        nodes[node].forgotten = []
        nodes[node].circle = (nodes.map(\.circle).max() ?? 0) + 1
        return .ok
    }

    private mutating func failOver(_ command: PaperCommand, _ node: Int) -> RESPValue {
        guard let primary = nodes[node].primary else {
            return .failure("ERR You should send CLUSTER FAILOVER to a replica")
        }
        guard ["", "FORCE", "TAKEOVER"].contains(command.word(2)) else { return .failure("ERR syntax error") }
        if command.word(2).isEmpty, !nodes[primary].isRunning {
            return .failure("ERR Master is down or failed, please use CLUSTER FAILOVER FORCE")
        }
        promote(node)
        return .ok
    }
}
