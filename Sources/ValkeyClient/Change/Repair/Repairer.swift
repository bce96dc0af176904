import ClusterModel

/// Finds what is open, decides, and does it, until nothing is open any more or somebody must do something first.
struct Repairer: Sendable {
    let surveyor: Surveyor
    let runner: ProcedureRunner
    let login: ServerLogin
    /// Between two looks.
    var pause = Duration.milliseconds(300)
    /// False in the middle of a change.
    var settlesReplicas = true
    /// The knowledge of whoever moved slots just now.
    var knowledge = Knowledge()

    struct Knowledge: Sendable {
        /// Slots that were opened while the target had nothing of them, with who gives and who takes them.
        var virgins: [HashSlot: Topology.Opening.End] = [:]
        /// Replicas of each primary, before.
        var replicas: [NodeID: [NodeID]] = [:]
        /// Slots that each primary had before, or was to get.
        var slots: [NodeID: SlotSet] = [:]

        /// Nodes that died and have come back as primaries while a replica has taken their place, by that one: they keep
        /// slots that had just been given to them, of which the replica had not heard. Of all else that they hold the
        /// replica has what is in force.
        func superseded(in survey: Survey) -> [NodeID: NodeID] {
            var found: [NodeID: NodeID] = [:]
            for (old, replicas) in replicas {
                guard let node = survey.topology.nodes[old], !node.isReplica, survey.answers[old] != nil else {
                    continue
                }
                let heir = replicas.first { id in
                    guard let heir = survey.topology.nodes[id], !heir.isReplica, survey.isUp(id) else { return false }
                    return heir.epoch > node.epoch && !heir.slots.intersection(slots[old] ?? SlotSet()).isEmpty
                }
                if let heir { found[old] = heir }
            }
            return found
        }

        /// Nodes that have taken the place of others which have not come back, in words.
        ///
        /// A server of Valkey 9 that comes back with a slot still to take in, which its replica knew to be its own, gives
        /// itself a later epoch than the one that took its place: that one becomes its replica, and what it was given
        /// meanwhile is gone. So nothing is given to it before the other is its replica.
        func unreturned(_ survey: Survey) -> String? {
            for (former, replicas) in replicas.sorted(by: { $0.key < $1.key }) where survey.answers[former] == nil {
                guard let heir = replicas.first(where: { survey.topology.nodes[$0]?.isReplica == false }) else {
                    continue
                }
                let names = (survey.topology.name(of: heir), survey.topology.name(of: former))
                return "\(names.0) took the place of \(names.1), which may come back and take it again"
            }
            return nil
        }

        /// Whether what the one end has of the slot, beside the other end that owns it, came there by this very move, also
        /// where a replica has taken the place of either.
        ///
        /// Then the owner's value is the one in force: clients are served it, and write to it, wherever it still has one.
        /// The taker's value of the same key is an older copy; or, where the owner's replica had not heard yet that the
        /// key had gone, one that died with the owner as far as any client can see.
        func isOurs(_ slot: HashSlot, from owner: Peer, to taker: Peer) -> Bool {
            guard let end = virgins[slot] else { return false }
            return ([end.node] + (replicas[end.node] ?? [])).contains(owner.id)
                && ([end.other] + (replicas[end.other] ?? [])).contains(taker.id)
        }
    }

    struct Outcome: Sendable {
        /// Lines of what was done.
        var done: [String] = []
        /// The troubles that are left, with their reasons; empty if there are none.
        var left: [String] = []
        var isClean: Bool { left.isEmpty }
    }

    private static let roundsMax = 8
    /// How long a node that was replaced is waited for. One that is started again after that is taken for a new one.
    var returnPatience = Duration.seconds(10)

    func plan(_ survey: Survey, way: Goal.Repair) async -> RepairPlan {
        await plan(survey, way: way, superseded: knowledge.superseded(in: survey))
    }

    private func plan(_ survey: Survey, way: Goal.Repair, superseded: [NodeID: NodeID]) async -> RepairPlan {
        let slots = Array(RepairPlanner.slots(survey.topology, superseded))
        guard !slots.isEmpty || RepairPlanner.isNeeded(survey.topology) else { return RepairPlan() }
        var successors: [NodeID: NodeID] = [:]
        for (primary, replicas) in knowledge.replicas {
            successors[primary] = replicas.first { survey.isUp($0) && survey.topology.nodes[$0]?.isReplica == false }
        }
        let counts = await counts(slots, survey)
        guard counts.silent.isEmpty else {
            // No answer is not the same as no key.
            let names = counts.silent.map(\.address.description).joined(separator: ", ")
            return RepairPlan(
                blocked: ["\(names) did not say how many keys of slots that are open it has. Try again when it answers"]
            )
        }
        return RepairPlanner(
            survey: survey, keys: counts.keys, way: way, successors: successors,
            superseded: superseded, settlesReplicas: settlesReplicas
        ).plan()
    }

    /// - Parameter patience: how long to wait for who is down to come back or to be replaced.
    func repair(way: Goal.Repair, patience: Duration, watch: @Sendable (String) -> Void = { _ in }) async -> Outcome {
        var outcome = Outcome()
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: patience)
        var returnEnd: ContinuousClock.Instant?
        var rounds = 0
        var doubtfulSeen: [RepairPlan.Action] = []
        var doubts = 0
        while true {
            let survey: Survey
            do throws(ServerError) { survey = try await surveyor.survey() } catch {
                if clock.now < end, await rest() { continue }
                outcome.left = ["\(error)"]
                return outcome
            }
            if let words = knowledge.unreturned(survey) {
                let waitsUntil = returnEnd ?? clock.now.advanced(by: returnPatience)
                returnEnd = waitsUntil
                watch(words)
                if clock.now < waitsUntil, await rest() { continue }
            }
            let superseded = knowledge.superseded(in: survey)
            let plan = await plan(survey, way: way, superseded: superseded)
            let blocked = plan.blocked + Safety.missingOwners(survey)
            if plan.actions.isEmpty || !blocked.isEmpty {
                outcome.left = blocked
                // A node that is down may come back, or be replaced.
                if blocked.isEmpty { return outcome }
                if clock.now < end, await rest() { continue }
                if plan.actions.isEmpty { return outcome }
            }
            let doubtful = plan.actions.filter(\.needsTwoLooks)
            if !doubtful.isEmpty, doubtful != doubtfulSeen, doubts < Self.roundsMax, await rest() {
                (doubtfulSeen, doubts) = (doubtful, doubts + 1)
                continue
            }
            rounds += 1
            var troubles: [String] = []
            for (action, words) in zip(plan.actions, plan.steps(survey.topology)) {
                watch(words)
                if let trouble = await perform(action, survey.topology, superseded) {
                    troubles.append(trouble)
                } else {
                    outcome.done.append(words)
                }
            }
            // A trouble that comes a second time, or a repair that is never over, does not go away by trying again.
            let isStuck = !troubles.isEmpty && troubles == outcome.left
            outcome.left = troubles
            guard rounds < Self.roundsMax, !isStuck, troubles.isEmpty || rounds < 2 || clock.now < end, await rest()
            else {
                if outcome.left.isEmpty { outcome.left = survey.topology.problems.map(\.words) }
                return outcome
            }
        }
    }

    private func rest() async -> Bool {
        (try? await Task.sleep(for: pause)) != nil
    }

    /// Keys of the slots at every node that answers.
    private func counts(
        _ slots: [HashSlot], _ survey: Survey
    ) async -> (keys: [NodeID: [HashSlot: Int]], silent: [Peer]) {
        let ids = survey.answers.keys.sorted().filter { id in
            guard let node = survey.topology.nodes[id] else { return false }
            // Of replicas only those matter that may have to step in.
            return !node.isReplica || node.primary.map { survey.answers[$0] == nil } == true
        }
        guard !slots.isEmpty else { return ([:], []) }
        let peers = ids.compactMap { survey.peer($0) }
        let requests = peers.map { Request(slots.map { .countKeys(in: $0) }, to: $0.address, within: .seconds(10)) }
        let answers = await runner.ask(requests, lane: 0)
        var counts: [NodeID: [HashSlot: Int]] = [:]
        var silent: [Peer] = []
        for (peer, answer) in zip(peers, answers) {
            let numbers = (answer.replies ?? []).compactMap { $0.integer.flatMap { Int(exactly: $0) } }
            guard numbers.count == slots.count else {
                silent.append(peer)
                continue
            }
            counts[peer.id] = Dictionary(zip(slots, numbers)) { first, _ in first }
        }
        return (counts, silent)
    }

    /// - Returns: what hindered it; nil if it is done.
    private func perform(
        _ action: RepairPlan.Action, _ topology: Topology, _ superseded: [NodeID: NodeID]
    ) async -> String? {
        switch action {
        case .close(let slots, let owner, let others): return await close(slots, owner: owner, others: others)
        case .finish(let slots, let from, let to):
            let trusted = slots.filter {
                topology.owner(of: $0)?.id == from.id
                    && (superseded[from.id] == to.id || knowledge.isOurs($0, from: from, to: to))
            }
            return await move(slots, from: from, to: to, .slots, trusted: SlotSet(trusted))
        case .gather(let slots, let from, let to, let owner):
            return await move(slots, from: from, to: to, .strays(owner: owner))
        case .assign(let slots, let to):
            // One that another, who is gone, is taken to have is not added but given.
            let commands = slots.flatMap { slot in
                [
                    Command.close(slot),
                    topology.owner(of: slot) == nil
                        ? Command("CLUSTER", "ADDSLOTS", "\(slot)") : .give(slot, to: to.id),
                ]
            }
            return await tell(commands + [Command("CLUSTER", "BUMPEPOCH")], to)
        case .inform(let slots, let viewer, let owner):
            return await tell(slots.map { .give($0, to: owner.id) }, viewer)
        case .settle(let slots, _, let primary): return await tell(slots.map { .close($0) }, primary)
        case .promote(let replica, _):
            let trouble = await tell([Command("CLUSTER", "FAILOVER", "TAKEOVER")], replica)
            _ = await rest()
            return trouble
        }
    }

    private func move(
        _ slots: SlotSet, from: Peer, to: Peer, _ kind: ClassicBatch.Kind, trusted: SlotSet = SlotSet()
    ) async -> String? {
        var trouble: String?
        var left = Array(slots)[...]
        while !left.isEmpty {
            let part = Array(left.prefix(64))
            left = left.dropFirst(64)
            let terms = MoveTerms.single(login: login)
            let batch = await runner.run(
                ClassicBatch(part, from: from, to: to, kind: kind, trusted: trusted, terms: terms), lane: 1)
            for slot in part {
                switch batch.fates[slot] {
                case .moved, .putBack(nil), .putBack(.aborted): continue
                case .putBack(let why?), .open(let why): trouble = trouble ?? why.words(slot, from: from, to: to)
                case .unknown(let error): trouble = trouble ?? "\(error)"
                case nil: trouble = trouble ?? "slot \(slot) was not looked at"
                }
            }
        }
        return trouble
    }

    /// Closes the owner last: up to then a client may have been sent to another, and may have written there. Such a slot
    /// stays open, and is decided anew.
    private func close(_ slots: SlotSet, owner: Peer?, others: [Peer]) async -> String? {
        var closing = slots
        for other in others {
            let commands = slots.flatMap { [Command.close($0), .countKeys(in: $0)] }
            let answer = await runner.ask([Request(commands, to: other.address, within: .seconds(30))], lane: 0)[0]
            guard let replies = answer.replies else { return answer.failure.map { "\($0)" } }
            if let refusal = Self.refusal(replies) { return "\(other.address): \(refusal)" }
            let written = slots.enumerated().filter { replies[2 * $0.offset + 1].integer != 0 }.map(\.element)
            closing.subtract(SlotSet(written))
            guard let owner, !written.isEmpty else { continue }
            if let trouble = await tell(written.map { .open($0, importingFrom: owner.id) }, other) { return trouble }
        }
        guard let owner else { return nil }
        return await tell(closing.map { .close($0) }, owner)
    }

    private func tell(_ commands: [Command], _ peer: Peer) async -> String? {
        guard !commands.isEmpty else { return nil }
        let answer = await runner.ask([Request(commands, to: peer.address, within: .seconds(30))], lane: 0)[0]
        guard let replies = answer.replies else { return answer.failure.map { "\($0)" } }
        return Self.refusal(replies).map { "\(peer.address): \($0)" }
    }

    /// A refusal of something that is done already is no trouble: the slot is not open any more, or was given away
    /// meanwhile.
    private static func refusal(_ replies: [RESPValue]) -> String? {
        replies.lazy.compactMap(\.error).first { error in
            !error.message.contains("is already busy") && !error.message.contains("SETSLOT only with")
        }?.message
    }
}

extension ClassicBatch.Trouble {
    /// For a person: what hinders it and what to do, a sentence or two without the last full stop.
    func words(_ slot: HashSlot, from: Peer, to: Peer) -> String {
        switch self {
        case .aborted: return "slot \(slot) was not moved, as it was ended"
        case .differs(let keys):
            let named = keys.prefix(3).map { "\"\(String(decoding: $0, as: UTF8.self).printable(charactersMax: 60))\"" }
            let more = keys.count > 3 ? " and \(keys.count - 3) more" : ""
            return
                "slot \(slot): \(from.address) and \(to.address) have different values of \(named.joined(separator: ", "))\(more). "
                + "Delete the one that is wrong on its node, then repair again"
        case .tooLarge(let key, let timeout):
            let name = String(decoding: key, as: UTF8.self).printable(charactersMax: 60)
            return
                "slot \(slot): the key \"\(name)\" did not get from \(from.address) to \(to.address) within \(timeout) ms. "
                + "Raise cluster-node-timeout for the while, or make the key smaller"
        case .full:
            return "\(to.address) takes no more keys: its memory is full. Raise its maxmemory, or move less to it"
        case .notPermitted(let words): return "\(from.address) or \(to.address) does not permit it: \(words)"
        case .refused(let words): return "slot \(slot), from \(from.address) to \(to.address): \(words)"
        }
    }
}

extension Repairer.Knowledge {
    /// Takes in the knowledge that a round of a change has of its moves, when it ends before them.
    ///
    /// - Parameter survey: from before it.
    mutating func learn(_ plan: ChangePlan, _ outcome: Mover.Outcome, _ survey: Survey) {
        for move in plan.moves {
            for slot in move.slots.intersection(outcome.virgins) {
                virgins[slot] = .init(node: move.from, other: move.to)
            }
            slots[move.to, default: SlotSet()].formUnion(move.slots)
        }
        for primary in survey.topology.primaries {
            replicas[primary.id] = survey.topology.replicas(of: primary.id).map(\.id)
            slots[primary.id, default: SlotSet()].formUnion(primary.slots)
        }
    }
}
