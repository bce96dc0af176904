extension ClassicBatch {
    /// Only what is empty at the source, which takes no new key of it, may change hands: when a source learns from the
    /// others that it lost a slot, it drops what it still has of it. So this is looked at once more just before: one that
    /// became a replica meanwhile has what its new primary takes in.
    mutating func confirm() -> Step {
        guard !emptied.isEmpty else { return countStuck() }
        asked = emptied
        return ask(asked.map { .countKeys(in: $0) } + [Command("ROLE")], from, .confirming)
    }

    mutating func closeTarget(_ replies: [RESPValue]) -> Step {
        guard replies.count == asked.count + 1 else { return end(.replyCount(at: from.address)) }
        guard let role = replies.last?.elements?.first?.text, role == "master" || role == "primary" else {
            return end(ServerError(.notNow, at: from.address, "it is no primary any more"))
        }
        let filled = zip(asked, replies).filter { $1.integer != 0 }.map(\.0)
        guard filled.isEmpty else {
            // Nothing should come into them. Their keys are listed anew, from the beginning.
            emptied.removeAll { filled.contains($0) }
            closingTries += 1
            for slot in filled {
                guard closingTries <= terms.triesMax else {
                    states[slot]?.trouble = .refused("keys come into it although it is on its way")
                    stuck.append(slot)
                    continue
                }
                states[slot]?.keys = []
                queue.append(slot)
            }
            return move()
        }
        if case .strays = kind { return ask(asked.map { .close($0) }, from, .closingSource, limit: slow) }
        giving = asked
        return giveToTarget()
    }

    private mutating func giveToTarget() -> Step {
        let next = terms.closesOneByOne ? Array(giving.prefix(1)) : giving
        giving.removeFirst(next.count)
        phase = .closingTarget
        var request = Request(next.map { .give($0, to: to.id) }, to: to.address, within: slow)
        if terms.closesOneByOne { request.turn = terms.spread }
        return .ask([request])
    }

    mutating func closeSource(_ replies: [RESPValue]) -> Step {
        if let words = replies.lazy.compactMap({ $0.error?.message }).first {
            return retryClosing(words)
        }
        guard giving.isEmpty else { return giveToTarget() }
        for slot in asked { states[slot]?.isAtTarget = true }
        return ask(asked.map { .give($0, to: to.id) }, from, .closingSource, limit: slow)
    }

    mutating func closedSource(_ replies: [RESPValue]) -> Step {
        guard replies.count == asked.count else { return end(.replyCount(at: from.address)) }
        // One that gave its last slot away may be a replica by now, which is told nothing about slots.
        if case .strays = kind {
            for (slot, reply) in zip(asked, replies) {
                fates[slot] = reply.isOK ? .moved : .open(.refused(reply.error?.message ?? ""))
            }
            emptied = []
            return countStuck()
        }
        let bad = replies.lazy.compactMap { $0.error?.message }.first { !$0.contains("SETSLOT only with") }
        if let bad { return retryClosing(bad) }
        return check()
    }

    /// An answer of no is often a replica that is late, or a word of the cluster that came in between.
    private mutating func retryClosing(_ words: String) -> Step {
        closingTries += 1
        guard closingTries <= terms.triesMax else {
            for slot in asked {
                states[slot]?.trouble = .refused(words)
                fates[slot] = .open(.refused(words))
            }
            emptied = []
            return countStuck()
        }
        phase = .waiting
        return .wait(terms.pause)
    }

    /// Asks both ends for their own views of the slots.
    mutating func check() -> Step {
        phase = .checking
        return .ask([Request(.clusterNodes, to: to.address), Request(.clusterNodes, to: from.address)])
    }

    mutating func checked(_ replies: [[RESPValue]]) -> Step {
        let views = zip([to, from], replies).compactMap { _, replies in
            replies.first?.bytes.flatMap { try? NodesView(utf8: $0) }
        }
        guard views.count == 2 else {
            return end(ServerError(.broken, at: to.address, "its answer to CLUSTER NODES cannot be read"))
        }
        let open = Set(views.flatMap { $0.openSlots.map(\.slot) })
        let owned = views[0].own?.slots ?? SlotSet()
        let kept = views[1].own?.slots ?? SlotSet()
        let unsettled = emptied.filter { open.contains($0) || !owned.contains($0) || kept.contains($0) }
        for slot in emptied where !unsettled.contains(slot) { fates[slot] = .moved }
        emptied = unsettled
        guard unsettled.isEmpty else { return retryClosing("it is not closed although both ends said so") }
        return countStuck()
    }
}
