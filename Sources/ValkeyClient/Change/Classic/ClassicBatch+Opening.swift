extension ClassicBatch {
    /// The target is opened first: so it takes in what the source sends clients for.
    mutating func openTarget() -> Step {
        guard !slots.isEmpty else {
            phase = .over
            return .over
        }
        if isAborting { return giveUpOpening(slots) }
        return ask(slots.flatMap { [.countKeys(in: $0), openingOfTarget($0)] }, to, .openingTarget, limit: slow)
    }

    private mutating func giveUpOpening(_ slots: [HashSlot]) -> Step {
        for slot in slots { states[slot]?.trouble = .aborted }
        stuck += slots
        guard phase != .beginning else {
            for slot in slots { fates[slot] = .putBack(.aborted) }
            phase = .over
            return .over
        }
        return countStuck()
    }

    private func openingOfTarget(_ slot: HashSlot) -> Command {
        switch kind {
        case .slots: .open(slot, importingFrom: from.id)
        // An owner that has the slot open takes in only what it has already.
        case .strays(to.id): .close(slot)
        case .strays(let owner): .open(slot, importingFrom: owner)
        }
    }

    /// A node moves keys away only of slots that it has open, or that are its own.
    private func openingOfSource(_ slot: HashSlot) -> Command {
        switch kind {
        case .slots: .open(slot, migratingTo: to.id)
        case .strays(let owner): .open(slot, importingFrom: owner)
        }
    }

    /// Servers that tell their replicas first take some milliseconds for each SETSLOT, and as long as two seconds where a
    /// replica is late.
    var slow: Duration { .seconds(15) + .milliseconds(50 * slots.count) }

    /// Whether one of the answers is a no that passes, as of a server whose replica is late; and there is time to wait.
    private mutating func passes(_ replies: [RESPValue]) -> Bool {
        guard !isAborting, openingTries < terms.triesMax else { return false }
        openingTries += 1
        return replies.contains { reply in
            if case .notNow = MigrateTrouble(reply) { return true }
            return false
        }
    }

    mutating func openedTarget(_ replies: [RESPValue]) -> Step {
        guard replies.count == 2 * slots.count else { return end(.replyCount(at: to.address)) }
        if passes(replies) {
            phase = .reopeningTarget
            return .wait(terms.pause)
        }
        asked = []
        for (index, slot) in slots.enumerated() {
            states[slot]?.isVirgin = replies[2 * index].integer == 0 || trusted.contains(slot)
            let reply = replies[2 * index + 1]
            if reply.isOK {
                asked.append(slot)
            } else if let error = reply.error, error.message.contains("already the owner") {
                // It has changed hands at this end; what is left is to make the other one see it.
                states[slot]?.isAtTarget = true
                asked.append(slot)
            } else {
                states[slot]?.trouble = .refused(reply.error?.message ?? "an answer that is none")
                stuck.append(slot)
            }
        }
        return openSource()
    }

    mutating func openSource() -> Step {
        if isAborting { return giveUpOpening(asked) }
        guard !asked.isEmpty else { return countStuck() }
        let commands = asked.flatMap { [openingOfSource($0), .keys(in: $0, countMax: terms.keysEach)] }
        return ask(commands, from, .openingSource, limit: slow)
    }

    mutating func beginMoving(_ replies: [RESPValue]) -> Step {
        guard replies.count == 2 * asked.count else { return end(.replyCount(at: from.address)) }
        if passes(replies) {
            phase = .reopeningSource
            return .wait(terms.pause)
        }
        for (index, slot) in asked.enumerated() {
            let (opened, listed) = (replies[2 * index], replies[2 * index + 1])
            let isGone = opened.error?.message.contains("not the owner") == true && states[slot]?.isAtTarget == true
            guard opened.isOK || isGone, let keys = Self.keys(listed) else {
                let words = opened.error?.message ?? listed.error?.message ?? "an answer that is none"
                states[slot]?.trouble = .refused(words)
                stuck.append(slot)
                continue
            }
            take(keys, of: slot)
        }
        return move()
    }

    /// Since the source has it open, no key can come into a slot there any more: what was listed is all, or more follows.
    mutating func take(_ keys: [[UInt8]], of slot: HashSlot) {
        states[slot]?.keys = keys
        if keys.isEmpty { emptied.append(slot) } else { queue.append(slot) }
    }

    static func keys(_ reply: RESPValue) -> [[UInt8]]? {
        guard let elements = reply.elements else { return nil }
        let keys = elements.compactMap(\.bytes)
        return keys.count == elements.count ? keys : nil
    }
}
