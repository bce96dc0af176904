extension ClassicBatch {
    /// Of those that cannot go on: has anything gone?
    mutating func countStuck() -> Step {
        let open = stuck.filter { fates[$0] == nil }
        guard !open.isEmpty else {
            phase = .over
            return .over
        }
        if case .strays = kind {
            // They stay where they are, and what is open stays so: otherwise nobody could move them later.
            for slot in open { fates[slot] = .open(states[slot]?.trouble ?? .aborted) }
            phase = .over
            return .over
        }
        asked = open
        return ask(open.map { .countKeys(in: $0) }, to, .countingStuck)
    }

    /// Puts back the slots that nothing has gone of. The target is closed first: what a client has written there up to then
    /// is counted, and nothing more comes. The source sends clients there meanwhile, and they come back; were it closed
    /// first, it would take in a key anew that the target has.
    mutating func releaseTarget(_ replies: [RESPValue]) -> Step {
        guard replies.count == asked.count else { return end(.replyCount(at: to.address)) }
        var releasing: [HashSlot] = []
        for (slot, reply) in zip(asked, replies) {
            if reply.integer == 0, states[slot]?.isAtTarget == false {
                releasing.append(slot)
            } else {
                stay(open: slot)
            }
        }
        asked = releasing
        guard !releasing.isEmpty else { return again() }
        return ask(releasing.flatMap { [.close($0), .countKeys(in: $0)] }, to, .releasingTarget, limit: slow)
    }

    /// Opens the target again for slots that a client has written to there.
    mutating func reopenTarget(_ replies: [RESPValue]) -> Step {
        guard replies.count == 2 * asked.count else { return end(.replyCount(at: to.address)) }
        var releasing: [HashSlot] = []
        for (index, slot) in asked.enumerated() {
            if let error = replies[2 * index].error {
                fates[slot] = .open(states[slot]?.trouble ?? .refused(error.message))
            } else if replies[2 * index + 1].integer == 0 {
                releasing.append(slot)
            } else {
                reopening.append(slot)
            }
        }
        asked = releasing
        guard !reopening.isEmpty else { return releaseSource() }
        return ask(reopening.map { .open($0, importingFrom: from.id) }, to, .reopening, limit: slow)
    }

    mutating func reopened(_ replies: [RESPValue]) -> Step {
        guard replies.count == reopening.count else { return end(.replyCount(at: to.address)) }
        for (slot, reply) in zip(reopening, replies) {
            guard reply.isOK else {
                fates[slot] = .unknown(
                    ServerError(.refused, at: to.address, "slot \(slot) could not be opened again"))
                continue
            }
            stay(open: slot)
        }
        reopening = []
        return releaseSource()
    }

    private mutating func releaseSource() -> Step {
        guard !asked.isEmpty else { return again() }
        return ask(asked.map { .close($0) }, from, .releasingSource, limit: slow)
    }

    mutating func released(_ replies: [RESPValue]) -> Step {
        guard replies.count == asked.count else { return end(.replyCount(at: from.address)) }
        for (slot, reply) in zip(asked, replies) {
            let trouble = states[slot]?.trouble
            fates[slot] = reply.isOK ? .putBack(trouble) : .open(trouble ?? .refused(reply.error?.message ?? ""))
        }
        return again()
    }

    /// One that only was to be ended is brought to its end instead; others have a reason that would not go away.
    private mutating func stay(open slot: HashSlot) {
        guard states[slot]?.trouble == .aborted else {
            fates[slot] = .open(states[slot]?.trouble ?? .aborted)
            return
        }
        states[slot]?.trouble = nil
        states[slot]?.hasBegun = true
        stuck.removeAll { $0 == slot }
        queue.append(slot)
    }

    private mutating func again() -> Step { queue.isEmpty && emptied.isEmpty ? countStuck() : move() }
}
