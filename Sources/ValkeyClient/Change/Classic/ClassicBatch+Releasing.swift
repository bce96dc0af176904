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

    /// Puts back the slots that nothing has gone of. The source is closed first, so that it sends nobody to the target
    /// any more.
    mutating func releaseSource(_ replies: [RESPValue]) -> Step {
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
        return ask(releasing.map { .close($0) }, from, .releasingSource, limit: slow)
    }

    /// Up to then a client may have been sent there, and may have written a key.
    mutating func recount(_ replies: [RESPValue]) -> Step {
        guard replies.count == asked.count else { return end(.replyCount(at: from.address)) }
        return ask(asked.map { .countKeys(in: $0) }, to, .recounting)
    }

    mutating func releaseTarget(_ replies: [RESPValue]) -> Step {
        guard replies.count == asked.count else { return end(.replyCount(at: to.address)) }
        reopening = zip(asked, replies).filter { $1.integer != 0 }.map(\.0)
        asked.removeAll { reopening.contains($0) }
        guard !asked.isEmpty else { return reopen() }
        return ask(asked.map { .close($0) }, to, .releasingTarget, limit: slow)
    }

    mutating func released(_ replies: [RESPValue]) -> Step {
        guard replies.count == asked.count else { return end(.replyCount(at: to.address)) }
        for (slot, reply) in zip(asked, replies) {
            let trouble = states[slot]?.trouble
            fates[slot] = reply.isOK ? .putBack(trouble) : .open(trouble ?? .refused(reply.error?.message ?? ""))
        }
        return reopen()
    }

    /// Opens the source again for slots that a client has written to at the target meanwhile: nobody finds those keys
    /// unless the source sends clients there.
    private mutating func reopen() -> Step {
        guard !reopening.isEmpty else { return again() }
        asked = reopening
        reopening = []
        let commands = asked.flatMap {
            [Command.open($0, migratingTo: to.id), .keys(in: $0, countMax: terms.keysEach)]
        }
        return ask(commands, from, .reopening, limit: slow)
    }

    mutating func reopened(_ replies: [RESPValue]) -> Step {
        guard replies.count == 2 * asked.count else { return end(.replyCount(at: from.address)) }
        for (index, slot) in asked.enumerated() {
            states[slot]?.hasBegun = true
            states[slot]?.isVirgin = false
            guard replies[2 * index].isOK, let keys = Self.keys(replies[2 * index + 1]) else {
                fates[slot] = .unknown(
                    ServerError(.refused, at: from.address, "slot \(slot) could not be opened again"))
                continue
            }
            stay(open: slot)
            if fates[slot] == nil { take(keys, of: slot) }
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
        if phase == .countingStuck { queue.append(slot) }
    }

    private mutating func again() -> Step { queue.isEmpty && emptied.isEmpty ? countStuck() : move() }
}
