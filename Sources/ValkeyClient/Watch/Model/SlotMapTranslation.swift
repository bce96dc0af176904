import ClusterModel

/// The strip of slots: whose they are, and which are on their way.
struct SlotMapTranslation {
    let report: WatchReport
    let topology: Topology

    func slots(_ cache: TranslationCache) -> SlotMap {
        let (moving, heat) = (moving, heat)
        let strip = TranslationCache.Strip(frame: report.stamp, moving: moving, heat: heat)
        return cache.strip(strip) { slots(moving, heat) }
    }

    private func slots(_ moving: [NodeID: SlotSet], _ heat: [Int: Double]) -> SlotMap {
        var names: [ShardID] = []
        var owners = [Int](repeating: -1, count: HashSlot.count)
        var targets = [Int](repeating: -1, count: HashSlot.count)
        var places: [NodeID: Int] = [:]
        func place(_ node: NodeID) -> Int {
            if let place = places[node] { return place }
            names.append(report.shardNames.id(of: node))
            places[node] = names.count - 1
            return names.count - 1
        }
        for node in topology.nodes.values where !node.slots.isEmpty {
            let place = place(node.id)
            for slot in node.slots { owners[slot.number] = place }
        }
        for (target, slots) in moving.sorted(by: { $0.key < $1.key }) {
            let place = place(target)
            for slot in slots where owners[slot.number] != place { targets[slot.number] = place }
        }
        var runs: [SlotMap.Run] = []
        for slot in 0..<HashSlot.count {
            let shard = owners[slot] < 0 ? nil : names[owners[slot]]
            let target = targets[slot] < 0 ? nil : names[targets[slot]]
            let isSame = slot > 0 && owners[slot] == owners[slot - 1] && targets[slot] == targets[slot - 1]
            if isSame, heat[slot] == nil, heat[slot - 1] == nil {
                runs[runs.count - 1].last = slot
            } else {
                runs.append(SlotMap.Run(slot, slot, shard: shard, target: target, heat: heat[slot]))
            }
        }
        return SlotMap(count: HashSlot.count, runs: runs)
    }

    /// The slots that are open, and those in a job that runs, by the node that they go to.
    private var moving: [NodeID: SlotSet] {
        var moving: [NodeID: SlotSet] = [:]
        for (slot, opening) in topology.openSlots {
            guard let target = opening.migrating.first?.other ?? opening.importing.first?.node else { continue }
            moving[target, default: SlotSet()].insert(slot)
        }
        for job in report.records.values.flatMap(\.jobs) where job.state == .running {
            moving[job.target, default: SlotSet()].formUnion(job.slots)
        }
        return moving
    }

    /// Keys in slots that hold many times what slots of their server hold on average, against the fullest of them.
    private var heat: [Int: Double] {
        var hot: [Int: UInt64] = [:]
        for node in topology.nodes.values where !node.slots.isEmpty {
            guard let record = report.record(of: node.id), let keys = record.keys else { continue }
            let bound = UInt64(max(100, 4 * keys / node.slots.count))
            for slot in record.heat where slot.keys >= bound && node.slots.contains(slot.slot) {
                hot[slot.slot.number] = slot.keys
            }
        }
        guard let most = hot.values.max() else { return [:] }
        return hot.mapValues { Double($0) / Double(most) }
    }
}
