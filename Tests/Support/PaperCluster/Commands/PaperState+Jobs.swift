import ValkeyClient

/// Slots that migrate as a whole.
extension PaperState {
    /// `CLUSTER MIGRATESLOTS SLOTSRANGE a b … NODE id`, on the source.
    mutating func migrateSlots(_ command: PaperCommand, _ node: Int) -> RESPValue {
        if nodes[node].isReplica { return .failure("ERR Slot migration can only be used on primary nodes.") }
        var wanted: [(SlotSet, Int)] = []
        var place = 2
        while place < command.words.count {
            guard command.word(place) == "SLOTSRANGE" else { return .failure("ERR syntax error") }
            place += 1
            var slots = SlotSet()
            while place < command.words.count, command.word(place) != "NODE" {
                guard let range = range(command, place) else { return .failure("ERR Invalid or out of range slot") }
                slots.insert(range)
                place += 2
            }
            guard place + 1 < command.words.count else { return .failure("ERR syntax error") }
            guard let target = index(id: command.words[place + 1], knownTo: node) else {
                return .failure("ERR Invalid node name: \(command.words[place + 1])")
            }
            guard target != node else { return .failure("ERR Target node can not be this node.") }
            guard !nodes[target].isReplica else { return .failure("ERR Target node is not a primary") }
            guard slots.isSubset(of: self.slots(of: node, seenBy: node)) else {
                return .failure("ERR Slots are not served by this node.")
            }
            if let busy = busySlot(slots) { return .failure("ERR I am already migrating slot \(busy).") }
            wanted.append((slots, target))
            place += 2
        }
        guard !wanted.isEmpty else { return .failure("ERR syntax error") }
        for (slots, target) in wanted { _ = startJob(slots, from: node, to: target) }
        return .ok
    }

    private func busySlot(_ slots: SlotSet) -> HashSlot? {
        jobs.lazy.filter { !$0.state.isOver }.compactMap { $0.slots.intersection(slots).first }.first
    }

    private func range(_ command: PaperCommand, _ place: Int) -> ClosedRange<Int>? {
        guard let low = command.number(place), let high = command.number(place + 1), low <= high,
            HashSlot(low) != nil, HashSlot(high) != nil
        else { return nil }
        return low...high
    }

    /// One of `CLUSTER GETSLOTMIGRATIONS`; nil where the node has no part in it.
    func valkeyJob(_ job: PaperJob, _ node: Int) -> RESPValue? {
        guard job.source == node || job.target == node else { return nil }
        let isSource = job.source == node
        return .map([
            .init("name", .text(job.name)), .init("operation", isSource ? "EXPORT" : "IMPORT"),
            .init(
                "slot_ranges",
                .text(job.slots.ranges.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: " "))),
            .init("target_node", .text(nodes[job.target].id)), .init("source_node", .text(nodes[job.source].id)),
            .init("create_time", .integer(1_796_000_000)), .init("last_update_time", .integer(1_796_000_000)),
            .init("last_ack_time", .integer(1_796_000_000)),
            .init("state", .text(job.state.valkeyWords(isSource: isSource))), .init("message", .text(job.message)),
            .init("cow_size", .integer(0)), .init("remaining_repl_size", .integer(job.state.isOver ? 0 : 1_000)),
        ])
    }

    // MARK: Redis from 8.4

    /// `CLUSTER MIGRATION IMPORT | STATUS | CANCEL`. Its answers are as Redis' documentation has them; nobody compared
    /// them with a server.
    mutating func migration(_ command: PaperCommand, _ node: Int) -> RESPValue {
        switch command.word(2) {
        case "IMPORT": return importSlots(command, node)
        case "STATUS":
            guard let isMeant = meant(command) else { return .failure("ERR syntax error") }
            advanceJobs(of: node)
            return .array(
                jobs.filter { isMeant($0) && ($0.source == node || $0.target == node) }.map { redisTask($0, node) })
        case "CANCEL":
            guard let isMeant = meant(command) else { return .failure("ERR syntax error") }
            return .integer(endJobs(of: node, .cancelled, "", where: isMeant))
        default: return .failure("ERR unknown argument")
        }
    }

    /// `ID id`, `ALL` or nothing at the end.
    private func meant(_ command: PaperCommand) -> (@Sendable (PaperJob) -> Bool)? {
        switch (command.word(3), command.words.count) {
        case ("", 3), ("ALL", 4): return { _ in true }
        case ("ID", 5):
            let name = command.words[4]
            return { $0.name == name }
        default: return nil
        }
    }

    private mutating func importSlots(_ command: PaperCommand, _ node: Int) -> RESPValue {
        if nodes[node].isReplica { return .failure("ERR slot migration not allowed on replica.") }
        var slots = SlotSet()
        guard command.words.count > 3, command.words.count.isMultiple(of: 2) == false else {
            return .failure("ERR wrong number of arguments")
        }
        for place in stride(from: 3, to: command.words.count, by: 2) {
            guard let range = range(command, place) else { return .failure("ERR Invalid or out of range slot") }
            slots.insert(range)
        }
        let owners = Set(slots.map { owner($0.number, seenBy: node) })
        guard let source = owners.first.flatMap({ $0 }) else { return .failure("ERR slot has no owner") }
        guard owners.count == 1 else { return .failure("ERR slots belong to different source nodes") }
        guard source != node else { return .failure("ERR this node is already the owner of the slot") }
        guard busySlot(slots) == nil else { return .failure("ERR overlapping import exists") }
        return .text(startJob(slots, from: source, to: node))
    }

    private func redisTask(_ job: PaperJob, _ node: Int) -> RESPValue {
        .map([
            .init("id", .text(job.name)),
            .init("slots", .text(job.slots.ranges.map(\.slotText).joined(separator: " "))),
            .init("source", .text(nodes[job.source].id)), .init("dest", .text(nodes[job.target].id)),
            .init("operation", job.target == node ? "import" : "migrate"), .init("state", .text(job.state.redisWords)),
            .init("last_error", .text(job.message)), .init("retries", .integer(0)),
            .init("create_time", .integer(1_796_000_000_000)), .init("start_time", .integer(1_796_000_000_000)),
            .init("end_time", .integer(job.state.isOver ? 1_796_000_000_100 : 0)), .init("write_pause_ms", .integer(0)),
        ])
    }
}
