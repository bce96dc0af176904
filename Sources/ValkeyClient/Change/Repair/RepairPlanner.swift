import ClusterModel

/// Decides for each slot that is open what to do, from nothing but facts: who has it, who holds keys of it, which ends are
/// open, who is down. Deciding again, after all or some of it was done, comes to the same end.
struct RepairPlanner {
    let survey: Survey
    /// Keys of each slot that is asked about, at every node that answered. Replicas of nodes that are down are among them.
    let keys: [NodeID: [HashSlot: Int]]
    let way: Goal.Repair
    /// The nodes that have taken the place of nodes that are down, by those, where that is known.
    let successors: [NodeID: NodeID]
    /// Nodes that have come back as primaries while another has taken their place, by that one.
    let superseded: [NodeID: NodeID]
    /// False in the middle of a change, where what a replica has open may be on its way to it.
    let settlesReplicas: Bool

    private var topology: Topology { survey.topology }

    /// Slots that something is wrong with.
    static func slots(_ topology: Topology, _ superseded: [NodeID: NodeID] = [:]) -> SlotSet {
        superseded.keys.reduce(
            topology.uncovered.union(topology.doublyOwned).union(SlotSet(topology.openSlots.keys))
        ) { $0.union(topology.nodes[$1]?.slots ?? SlotSet()) }
    }

    /// Whether there is something for a repair to do.
    static func isNeeded(_ topology: Topology) -> Bool { !slots(topology).isEmpty || !topology.leftOpen.isEmpty }

    /// Nodes that are gone, and in whose place another has keys of a slot that was on its way to them.
    private var inferredSuccessors: Set<NodeID> = []

    init(
        survey: Survey, keys: [NodeID: [HashSlot: Int]], way: Goal.Repair, successors: [NodeID: NodeID] = [:],
        superseded: [NodeID: NodeID] = [:], settlesReplicas: Bool = true
    ) {
        self.superseded = superseded
        self.settlesReplicas = settlesReplicas
        self.survey = survey
        self.keys = keys
        self.way = way
        self.successors = successors
        for (slot, opening) in survey.topology.openSlots {
            for end in opening.migrating where survey.answers[end.other] == nil {
                if !holders(of: slot, except: end.node).isEmpty { inferredSuccessors.insert(end.other) }
            }
        }
    }

    func plan() -> RepairPlan {
        var plan = RepairPlan()
        for slot in Self.slots(topology, superseded) { decide(slot, &plan) }
        plan.actions += informing
        plan.actions = Self.joined(plan.actions)
        // While anything is on its way, a slot that a replica has open may be part of that, or come to be.
        if plan.isEmpty, survey.runningJobs.isEmpty, settlesReplicas { settle(&plan) }
        return plan
    }

    /// A node that takes a slot in heeds no word of the cluster about its owner. So when another has taken the owner's
    /// place, it still gives the slot to the old one, and once that is back as a replica, to nobody: then it serves no
    /// keys at all, and takes none in.
    private var informing: [RepairPlan.Action] {
        var actions: [RepairPlan.Action] = []
        for disagreement in topology.disagreements {
            guard case .owner(let slots, let believed) = disagreement.subject else { continue }
            for viewer in disagreement.viewers where viewer != believed && topology.nodes[viewer]?.isReplica == false {
                guard let peer = survey.peer(viewer) else { continue }
                for slot in slots
                where topology.openSlots[slot]?.importing.contains(where: { $0.node == viewer }) == true {
                    guard let owner = topology.owner(of: slot), survey.isUp(owner.id),
                        let home = survey.peer(owner.id)
                    else { continue }
                    actions.append(.inform(SlotSet([slot]), peer, owner: home))
                }
            }
        }
        return actions
    }

    /// Valkey passes on to replicas what is said to their primary, and takes no word about slots from anybody else. One
    /// that does not have its primary's data yet would not hear it.
    private func settle(_ plan: inout RepairPlan) {
        for (replica, slots) in topology.leftOpen.sorted(by: { $0.key < $1.key }) {
            guard survey.answers[replica]?.info?.replication?.isLinkUp != false,
                let primary = topology.nodes[replica]?.primary, survey.isUp(primary), let peer = survey.peer(primary)
            else {
                block(
                    &plan,
                    "\(topology.name(of: replica)), a replica, takes \(slots.words) for open still, and hears that "
                        + "\(slots.count == 1 ? "it is" : "they are") not only once it has its primary's data. "
                        + "Wait for that, then repair")
                continue
            }
            plan.actions.append(.settle(slots, replica, through: peer))
        }
    }

    private func decide(_ slot: HashSlot, _ plan: inout RepairPlan) {
        let ends = openEnds(slot)
        guard let owner = topology.owner(of: slot) else { return cover(slot, ends, &plan) }
        guard survey.isUp(owner.id), let home = survey.peer(owner.id) else {
            if let successor = successors[owner.id].flatMap({ survey.peer($0) }), survey.answers[owner.id] == nil {
                // It had not yet heard of this slot when it took the place of who had it.
                plan.actions.append(.assign(SlotSet([slot]), to: successor))
                return
            }
            block(
                &plan,
                "\(topology.name(of: owner.id)), which has slot \(slot), is down. Start it again, or fail over to its replica"
            )
            return
        }
        if let heir = heir(of: owner.id) { return handOver(slot, home, heir, &plan) }
        // A node that still takes the slot for its own, though the cluster does not, is only behind.
        let behind = survey.askablePrimaries.filter { $0.id != home.id && claims($0.id, slot) }
        if let peer = behind.first {
            plan.actions.append(.finish(SlotSet([slot]), from: peer, to: home))
            return
        }
        let holders = holders(of: slot, except: home.id)
        guard holders.isEmpty else { return bring(slot, home, holders, ends, &plan) }
        if let gone = goneTarget(slot, home) { return decideGone(slot, home, gone, ends, &plan) }
        if way == .finish, let target = wholeTarget(slot, home) {
            // Clients may write to it at this moment, so it cannot be closed without their seeing it; it can be moved.
            plan.actions.append(.finish(SlotSet([slot]), from: home, to: target))
            return
        }
        plan.actions.append(.close(SlotSet([slot]), owner: home, others: ends.filter { $0.id != home.id }))
    }

    private func heir(of id: NodeID) -> Peer? { superseded[id].flatMap { survey.peer($0) } }

    /// A slot that a node kept whose place another has taken: with its last one it becomes that one's replica, and what it
    /// has of other slots is dropped.
    private func handOver(_ slot: HashSlot, _ home: Peer, _ heir: Peer, _ plan: inout RepairPlan) {
        for holder in holders(of: slot, except: home.id) where holder != heir {
            plan.actions.append(.gather(SlotSet([slot]), from: holder, to: heir, owner: home.id))
        }
        plan.actions.append(.finish(SlotSet([slot]), from: home, to: heir))
    }

    /// The node that the owner sends clients to, where that one takes them in; nil otherwise.
    private func wholeTarget(_ slot: HashSlot, _ home: Peer) -> Peer? {
        guard let opening = topology.openSlots[slot], opening.isWhole, opening.migrating[0].node == home.id else {
            return nil
        }
        let target = opening.importing[0].node
        return heir(of: target) ?? (survey.isUp(target) ? survey.peer(target) : nil)
    }

    /// Nodes that answer and have the slot open, in either direction.
    private func openEnds(_ slot: HashSlot) -> [Peer] {
        guard let opening = topology.openSlots[slot] else { return [] }
        let ids = Set((opening.migrating + opening.importing).map(\.node))
        return ids.sorted().compactMap { survey.answers[$0] == nil ? nil : survey.peer($0) }
    }

    private func claims(_ id: NodeID, _ slot: HashSlot) -> Bool {
        survey.answers[id]?.view.own?.slots.contains(slot) == true
    }

    /// Primaries besides the owner that hold keys of it, those with the most first. A node that has only leftovers of
    /// slots that another took over from it is none.
    private func holders(of slot: HashSlot, except owner: NodeID?) -> [Peer] {
        survey.askablePrimaries.filter {
            $0.id != owner && count(slot, $0.id) > 0 && (owner == nil || superseded[$0.id] != owner)
        }.sorted {
            (count(slot, $0.id), $1.id) > (count(slot, $1.id), $0.id)
        }
    }

    private func count(_ slot: HashSlot, _ id: NodeID) -> Int { keys[id]?[slot] ?? 0 }

    /// Keys are at others too.
    private func bring(_ slot: HashSlot, _ home: Peer, _ holders: [Peer], _ ends: [Peer], _ plan: inout RepairPlan) {
        let one = SlotSet([slot])
        if way == .putBack {
            for holder in holders { plan.actions.append(.gather(one, from: holder, to: home, owner: home.id)) }
            warn(
                &plan,
                "while keys go back, a client that asks for one of them is told for a moment that it is not there")
            let others = ends.filter { end in end.id != home.id && !holders.contains(end) }
            if !others.isEmpty { plan.actions.append(.close(one, owner: home, others: others)) }
            return
        }
        // The target is the node that the owner sends its clients to, or else the one with the most keys.
        let partners = topology.openSlots[slot]?.migrating.filter { $0.node == home.id }.map(\.other) ?? []
        let first = holders.first { partners.contains($0.id) } ?? holders[0]
        let target = heir(of: first.id) ?? first
        for holder in holders where holder != target {
            plan.actions.append(.gather(one, from: holder, to: target, owner: home.id))
        }
        plan.actions.append(.finish(one, from: home, to: target))
    }

    /// The node towards which the owner has it open, where that one does not answer.
    private func goneTarget(_ slot: HashSlot, _ home: Peer) -> NodeID? {
        topology.openSlots[slot]?.migrating.first { $0.node == home.id && survey.answers[$0.other] == nil }?.other
    }

    private func decideGone(_ slot: HashSlot, _ home: Peer, _ gone: NodeID, _ ends: [Peer], _ plan: inout RepairPlan) {
        let close = RepairPlan.Action.close(SlotSet([slot]), owner: home, others: ends.filter { $0.id != home.id })
        if successors[gone] != nil || inferredSuccessors.contains(gone) {
            // Whoever took its place has no key of it.
            plan.actions.append(close)
            return
        }
        let copies = topology.replicas(of: gone).filter { survey.answers[$0.id] != nil }
        if let copy = copies.first(where: { count(slot, $0.id) > 0 }), let peer = survey.peer(copy.id) {
            plan.actions.append(.promote(peer, of: gone))
        } else if !copies.isEmpty {
            plan.actions.append(close)
        } else if topology.nodes[gone] == nil || way == .putBack {
            warn(&plan, "keys of slots that had gone to \(topology.name(of: gone)), which is down, are given up")
            plan.actions.append(close)
        } else {
            block(
                &plan,
                "\(topology.name(of: gone)) is down and may hold keys of slots that were on their way to it. Start it again; "
                    + "or put the slots back, which gives up what it holds")
        }
    }

    /// A slot that nobody has.
    private func cover(_ slot: HashSlot, _ ends: [Peer], _ plan: inout RepairPlan) {
        let primaries = survey.askablePrimaries
        let holders = holders(of: slot, except: nil)
        let fewest = primaries.min {
            (topology.nodes[$0.id]?.slots.count ?? 0, $0.id) < (topology.nodes[$1.id]?.slots.count ?? 0, $1.id)
        }
        guard let target = holders.first ?? ends.first(where: { primaries.contains($0) }) ?? fewest else {
            return block(&plan, "no primary answers, so nobody can be given slot \(slot)")
        }
        plan.actions.append(.assign(SlotSet([slot]), to: target))
        for holder in holders where holder != target {
            plan.actions.append(.gather(SlotSet([slot]), from: holder, to: target, owner: target.id))
        }
    }

    private func block(_ plan: inout RepairPlan, _ words: String) {
        if !plan.blocked.contains(words) { plan.blocked.append(words) }
    }

    private func warn(_ plan: inout RepairPlan, _ words: String) {
        if !plan.warnings.contains(words) { plan.warnings.append(words) }
    }

    /// The same action for several slots is one, in the order: who is missing first, then what nobody has, then who does
    /// not know of it, then keys that lie elsewhere, then the rest.
    private static func joined(_ actions: [RepairPlan.Action]) -> [RepairPlan.Action] {
        var slots: [RepairPlan.Action: SlotSet] = [:]
        var order: [RepairPlan.Action] = []
        for action in actions {
            let (kind, part) = action.split
            if slots[kind] == nil { order.append(kind) }
            slots[kind, default: SlotSet()].formUnion(part)
        }
        return order.sorted { $0.rank < $1.rank }.map { $0.with(slots[$0] ?? SlotSet()) }
    }
}

extension RepairPlan.Action {
    /// The action without its slots, and the slots.
    fileprivate var split: (Self, SlotSet) {
        switch self {
        case .close(let slots, let owner, let others): (.close(SlotSet(), owner: owner, others: others), slots)
        case .finish(let slots, let from, let to): (.finish(SlotSet(), from: from, to: to), slots)
        case .gather(let slots, let from, let to, let owner):
            (.gather(SlotSet(), from: from, to: to, owner: owner), slots)
        case .assign(let slots, let to): (.assign(SlotSet(), to: to), slots)
        case .inform(let slots, let viewer, let owner): (.inform(SlotSet(), viewer, owner: owner), slots)
        // Each is of one replica already.
        case .settle: (self, SlotSet())
        case .promote: (self, SlotSet())
        }
    }

    fileprivate func with(_ slots: SlotSet) -> Self {
        switch self {
        case .close(_, let owner, let others): .close(slots, owner: owner, others: others)
        case .finish(_, let from, let to): .finish(slots, from: from, to: to)
        case .gather(_, let from, let to, let owner): .gather(slots, from: from, to: to, owner: owner)
        case .assign(_, let to): .assign(slots, to: to)
        case .inform(_, let viewer, let owner): .inform(slots, viewer, owner: owner)
        case .settle, .promote: self
        }
    }

    fileprivate var rank: Int {
        switch self {
        case .promote: 0
        case .assign: 1
        case .inform: 2
        case .gather: 3
        case .finish: 4
        case .close: 5
        case .settle: 6
        }
    }
}
