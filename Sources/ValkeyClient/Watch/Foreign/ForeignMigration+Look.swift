extension ForeignMigration {
    /// The slots that one look shows to be on the move, against the look before.
    struct Look {
        /// Slots with another owner than before, other than by a failover.
        var moved: [PairKey: SlotSet] = [:]
        /// Slots that are open, or in a job that runs.
        var moving: [PairKey: SlotSet] = [:]
        /// Of jobs that were seen to run: how they ended, where that was not success.
        var failures: [PairKey: String] = [:]
        /// Ids of the jobs that run.
        var running: Set<String> = []
        /// Something is on the move, and does not only lie open as it did before.
        private(set) var isMoving = false

        init(before: Topology?, now: Topology, jobs: [SlotJob], seen: Set<String>) {
            if let before { takeMoved(before, now) }
            for (slot, opening) in now.openSlots {
                guard let pair = opening.pair, pair.from != pair.to else { continue }
                moving[pair, default: SlotSet()].insert(slot)
                // A slot that is open at the first look may be left over from long ago.
                if let before, before.openSlots[slot] == nil { isMoving = true }
            }
            for job in jobs where job.source != job.target {
                let pair = PairKey(from: job.source, to: job.target)
                switch job.state {
                case .running:
                    moving[pair, default: SlotSet()].formUnion(job.slots)
                    running.insert(job.id)
                    isMoving = true
                case .failed, .cancelled:
                    guard seen.contains(job.id) else { continue }
                    failures[pair] = job.message.isEmpty ? job.stateWord : job.message
                case .done: break
                }
            }
            isMoving = isMoving || !moved.isEmpty
        }

        private mutating func takeMoved(_ before: Topology, _ now: Topology) {
            let gained = now.nodes.values.compactMap { node -> (NodeID, SlotSet)? in
                let slots = node.slots.subtracting(before.nodes[node.id]?.slots ?? SlotSet())
                return slots.isEmpty || before.nodes[node.id]?.isReplica == true ? nil : (node.id, slots)
            }
            guard !gained.isEmpty else { return }
            for old in before.nodes.values {
                let lost = old.slots.subtracting(now.nodes[old.id]?.slots ?? SlotSet())
                guard !lost.isEmpty else { continue }
                for (taker, slots) in gained where taker != old.id {
                    let both = slots.intersection(lost)
                    if !both.isEmpty { moved[PairKey(from: old.id, to: taker), default: SlotSet()].formUnion(both) }
                }
            }
        }
    }
}

extension Topology.Opening {
    /// The node that gives it and the one that takes it; of one that is open at one end, as that end says.
    fileprivate var pair: ForeignMigration.PairKey? {
        if let end = migrating.first { return .init(from: end.node, to: end.other) }
        return importing.first.map { .init(from: $0.other, to: $0.node) }
    }
}
