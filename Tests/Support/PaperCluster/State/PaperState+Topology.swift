import ValkeyClient

/// The lines of `CLUSTER NODES` that are the same for all who ask, until something changes.
struct TopologyCache: Sendable {
    var lines: [String]?
    var unserved: Int?
}

extension PaperState {
    mutating func touch() { cache = TopologyCache() }

    /// An answer to `CLUSTER NODES`.
    mutating func nodesText(seenBy node: Int) -> String {
        let isPlain = nodes[node].view.isEmpty
        let lines = isPlain ? sharedLines() : nodes.indices.map { line($0, slots: slots(of: $0, seenBy: node)) }
        var text = ""
        for index in nodes.indices where knows(node, index) {
            if index == node {
                text += line(index, slots: slots(of: index, seenBy: node), isMyself: true)
            } else {
                text += lines[index]
            }
            text += "\n"
        }
        return text
    }

    private mutating func sharedLines() -> [String] {
        if let lines = cache.lines { return lines }
        let lines = nodes.indices.map { line($0, slots: nodes[$0].slots) }
        cache.lines = lines
        return lines
    }

    public func slots(of index: Int, seenBy node: Int) -> SlotSet {
        var slots = nodes[index].slots
        for (slot, owner) in nodes[node].view {
            guard let slot = HashSlot(slot) else { continue }
            if owner == index { slots.insert(slot) } else { slots.remove(slot) }
        }
        return slots
    }

    private func line(_ index: Int, slots: SlotSet, isMyself: Bool = false) -> String {
        let node = nodes[index]
        let host = node.condition == .noAddress && !isMyself ? ":0@0" : "127.0.0.1:\(node.port)@\(node.port + 10_000)"
        let flags = (isMyself ? "myself," : "") + (node.isReplica ? "slave" : "master") + conditionFlag(node, isMyself)
        let isConnected = isMyself || node.isRunning
        let fields = [
            node.id, host, flags, node.primary.map { nodes[$0].id } ?? "-", "0", "1796000000000",
            "\(nodes[store(index)].epoch)", isConnected ? "connected" : "disconnected",
        ]
        return (fields + slots.ranges.map(\.slotText) + (isMyself ? openSlots(index) : [])).joined(separator: " ")
    }

    private func conditionFlag(_ node: PaperNode, _ isMyself: Bool) -> String {
        if isMyself { return "" }
        return switch node.condition {
        case .well: ""
        case .suspected: ",fail?"
        case .failed: ",fail"
        case .handshake: ",handshake"
        case .noAddress: ",noaddr"
        }
    }

    private func openSlots(_ index: Int) -> [String] {
        let node = nodes[index]
        return node.migrating.sorted { $0.key < $1.key }.map { "[\($0.key)->-\(nodes[$0.value].id)]" }
            + node.importing.sorted { $0.key < $1.key }.map { "[\($0.key)-<-\(nodes[$0.value].id)]" }
    }

    // MARK: Whether it is well

    /// Slots that nobody serves, in the eyes of all.
    private mutating func unservedSlots() -> Int {
        if let unserved = cache.unserved { return unserved }
        let served = nodes.reduce(0) { $0 + ($1.condition == .failed ? 0 : $1.slots.count) }
        cache.unserved = HashSlot.count - served
        return HashSlot.count - served
    }

    mutating func isDown(seenBy node: Int) -> Bool {
        guard needsAllSlots else { return false }
        // Who is alone sees only what is its own.
        let isAlone = !nodes.indices.contains { $0 != node && knows(node, $0) }
        return isAlone ? nodes[node].slots.count < HashSlot.count : unservedSlots() > 0
    }

    mutating func infoText(seenBy node: Int) -> String {
        let known = nodes.indices.filter { knows(node, $0) }
        let assigned = known.reduce(0) { $0 + slots(of: $1, seenBy: node).count }
        let failed = known.reduce(0) { $0 + (nodes[$1].condition == .failed ? nodes[$1].slots.count : 0) }
        let suspected = known.reduce(0) { $0 + (nodes[$1].condition == .suspected ? nodes[$1].slots.count : 0) }
        let size = known.count { !nodes[$0].slots.isEmpty }
        return [
            "cluster_state:\(isDown(seenBy: node) ? "fail" : "ok")", "cluster_slots_assigned:\(assigned)",
            "cluster_slots_ok:\(assigned - failed - suspected)", "cluster_slots_pfail:\(suspected)",
            "cluster_slots_fail:\(failed)", "cluster_known_nodes:\(known.count)", "cluster_size:\(size)",
            "cluster_current_epoch:\(known.map { nodes[$0].epoch }.max() ?? 0)",
            "cluster_my_epoch:\(nodes[store(node)].epoch)",
        ].map { $0 + "\r\n" }.joined()
    }

    /// An answer to `CLUSTER SHARDS`.
    func shards(seenBy node: Int) -> RESPValue {
        let primaries = nodes.indices.filter { knows(node, $0) && !nodes[$0].isReplica }
        return .array(
            primaries.map { primary in
                let ranges = slots(of: primary, seenBy: node).ranges
                let members = [primary] + replicas(of: primary).filter { knows(node, $0) }
                return .map([
                    .init("slots", .array(ranges.flatMap { [.integer($0.lowerBound), .integer($0.upperBound)] })),
                    .init("nodes", .array(members.map(shardMember))),
                ])
            })
    }

    private func shardMember(_ index: Int) -> RESPValue {
        let node = nodes[index]
        let health = node.isLoading ? "loading" : node.condition == .failed ? "failed" : "online"
        return .map([
            .init("id", .text(node.id)), .init("port", .integer(node.port)), .init("ip", "127.0.0.1"),
            .init("endpoint", "127.0.0.1"), .init("role", node.isReplica ? "replica" : "master"),
            .init("replication-offset", .integer(0)), .init("health", .text(health)),
        ])
    }

    /// An answer to `CLUSTER SLOTS`.
    func slotTable(seenBy node: Int) -> RESPValue {
        let primaries = nodes.indices.filter { knows(node, $0) && !nodes[$0].isReplica }
        return .array(
            primaries.flatMap { primary in
                let members = [primary] + replicas(of: primary).filter { knows(node, $0) }
                return slots(of: primary, seenBy: node).ranges.map { range -> RESPValue in
                    .array(
                        [.integer(range.lowerBound), .integer(range.upperBound)]
                            + members.map {
                                .array([.text("127.0.0.1"), .integer(nodes[$0].port), .text(nodes[$0].id), .array([])])
                            })
                }
            })
    }
}
