import ClusterModel

extension ValkeySource {
    private static let limit = Duration.seconds(2)

    public func locate(key: String) async throws -> KeyPlace {
        var report = await poller.lastReport
        if report.topology == nil { report = try await currentReport() }
        let slot = HashSlot(key: key)
        guard let topology = report.topology, let owner = topology.owner(of: slot) else {
            throw ServerError(.notNow, at: nil, "slot \(slot) of this key belongs to nobody")
        }
        let nodes = [owner] + topology.replicas(of: owner.id)
        let holders = await withTaskGroup(of: (Int, KeyPlace.Holder).self) { group in
            for (place, node) in nodes.enumerated() {
                let dialled = report.dialled(node.id)
                group.addTask { (place, await holder(of: key, node, topology.member(node.id), dialled)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        var place = KeyPlace(
            key: key, shard: report.shardNames.id(of: owner.id), slot: slot.number, epoch: owner.epoch,
            facts: [Fact("slot", "\(slot)"), Fact("slots of its shard", owner.slots.text(rangesMax: 4))],
            holders: holders)
        if let target = target(of: slot, report, topology), target != owner.id {
            place.next = report.shardNames.id(of: target)
            place.nextReason = "slot \(slot) is on its way to \(topology.name(of: target))"
        }
        return place
    }

    private func target(of slot: HashSlot, _ report: WatchReport, _ topology: Topology) -> NodeID? {
        if let opening = topology.openSlots[slot] {
            return opening.migrating.first?.other ?? opening.importing.first?.node
        }
        return report.records.values.flatMap(\.jobs).first { $0.state == .running && $0.slots.contains(slot) }?.target
    }

    private func holder(
        of key: String, _ node: Topology.Node, _ member: MemberID, _ dialled: ServerAddress?
    ) async -> KeyPlace.Holder {
        guard let dialled else { return .init(member: member, holding: .unknown, words: "its address is not known") }
        // A replica answers for its keys only to who says that old ones will do.
        let commands = (node.isReplica ? [Command("READONLY")] : []) + [Command("EXISTS", key)]
        do throws(ServerError) {
            let replies = try await calls.send(commands, to: dialled, lane: ClusterPoller.lane, within: Self.limit)
            guard let count = replies.last?.integer else {
                let words = replies.last?.error?.message ?? "it gave no count"
                return .init(member: member, holding: .unknown, words: words)
            }
            return count > 0
                ? .init(member: member, holding: .value, words: "")
                : .init(member: member, holding: .nothing, words: "does not hold it")
        } catch {
            return .init(member: member, holding: .unknown, words: error.what)
        }
    }
}
