extension ClassicBatch {
    /// The next keys, some slots at once, each followed by a look at what is left.
    mutating func move() -> Step {
        if isAborting {
            let untouched = queue.filter { slot in
                states[slot].map { !$0.hasBegun && $0.keys.count >= terms.keysEach } ?? false
            }
            for slot in untouched { states[slot]?.trouble = .aborted }
            stuck += untouched
            queue.removeAll { untouched.contains($0) }
        }
        guard let first = queue.first else { return confirm() }
        let isSlow = states[first]?.isSlow == true
        asked = isSlow ? [first] : Array(queue.filter { states[$0]?.isSlow == false }.prefix(terms.migratesAtOnce))
        var commands: [Command] = []
        var count = 0
        for slot in asked {
            guard let state = states[slot] else { continue }
            states[slot]?.hasBegun = true
            let keys = state.isSlow ? Array(state.keys.prefix(1)) : state.keys
            count += keys.count
            commands.append(
                // One whose keys are to be listed anew is only looked at.
                keys.isEmpty
                    ? Command("PING")
                    : .migrate(
                        keys, to: to.address, timeoutMilliseconds: timeout(state), login: terms.login,
                        replaces: state.replaces))
            commands.append(.keys(in: slot, countMax: terms.keysEach))
        }
        phase = .moving
        let longest = Duration.milliseconds(2 * timeout(states[first] ?? SlotState()) * asked.count)
        var request = Request(commands, to: from.address, within: .seconds(10) + longest)
        request.keys = count
        return .ask([request])
    }

    private func timeout(_ state: SlotState) -> Int {
        state.isSlow ? terms.largeKeyTimeoutMilliseconds : terms.migrateTimeoutMilliseconds
    }

    mutating func tookMoves(_ replies: [RESPValue]) -> Step {
        guard replies.count == 2 * asked.count else { return end(.replyCount(at: from.address)) }
        queue.removeAll { asked.contains($0) }
        var after = AfterMoves()
        for (index, slot) in asked.enumerated() {
            guard let before = states[slot], let left = Self.keys(replies[2 * index + 1]) else {
                giveUp(slot, .refused(replies[2 * index + 1].error?.message ?? "no list of keys"))
                continue
            }
            let sent = before.isSlow ? Array(before.keys.prefix(1)) : before.keys
            let trouble = MigrateTrouble(replies[2 * index])
            // A full page says nothing of which are left, so what went of it beside a trouble is not counted.
            let remaining = Set(left)
            let gone =
                left.count < terms.keysEach ? sent.count { !remaining.contains($0) } : trouble == nil ? sent.count : 0
            count(moved: gone)
            states[slot]?.keys = left
            // Only this page of keys was compared; the next one was not.
            if !before.isVirgin { states[slot]?.replaces = false }
            if left.isEmpty {
                emptied.append(slot)
            } else if let trouble {
                meet(trouble, slot, sent: sent, &after)
            } else {
                goOn(slot, hasMoved: gone > 0 || sent.isEmpty, &after)
            }
        }
        return proceed(after)
    }

    /// The steps that come before the next keys go.
    private struct AfterMoves {
        var pauses = false
        var looksForTarget = false
        var compares: HashSlot?
    }

    private mutating func meet(
        _ trouble: MigrateTrouble, _ slot: HashSlot, sent: [[UInt8]], _ after: inout AfterMoves
    ) {
        guard var state = states[slot] else { return }
        state.tries += 1
        defer { states[slot] = state }
        let isLastTry = state.tries > terms.triesMax
        switch trouble {
        case .busyKey where state.isVirgin && !state.replaces:
            // An earlier try of this very batch got through, and its answer did not. The source's is the one in force:
            // it serves whatever it still has.
            state.replaces = true
            queue.append(slot)
        case .busyKey where !state.replaces:
            after.compares = after.compares ?? slot
            queue.append(slot)
        case .noAnswer:
            after.looksForTarget = true
            let left = Set(state.keys)
            doubts += sent.filter { left.contains($0) }.map { (slot, $0) }
            if state.isSlow, state.tries > 3 {
                state.trouble = .tooLarge(key: sent[0], timeoutMilliseconds: terms.largeKeyTimeoutMilliseconds)
                stuck.append(slot)
            } else {
                state.isSlow = true
                queue.append(slot)
            }
        case .notNow(let words):
            after.pauses = true
            if isLastTry { state.trouble = .refused(words) }
            isLastTry ? stuck.append(slot) : queue.append(slot)
        case .full:
            state.trouble = .full
            stuck.append(slot)
        case .notPermitted(let words):
            state.trouble = .notPermitted(words)
            stuck.append(slot)
        case .busyKey:
            state.trouble = .refused("the target has a key that could not be replaced")
            stuck.append(slot)
        case .other(let words):
            state.trouble = .refused(words)
            stuck.append(slot)
        }
    }

    private mutating func proceed(_ after: AfterMoves) -> Step {
        if after.looksForTarget {
            // Whether it is gone, or only slow: where it is gone, whoever is above looks for who stands in for it.
            return ask([Command("PING")], to, .reachingTarget, limit: .seconds(3))
        }
        if let slot = after.compares { return compare(slot) }
        if after.pauses {
            phase = .waiting
            return .wait(terms.pause)
        }
        return move()
    }

    /// Of keys whose sending had no answer the source is asked whether it has them still: then what the target may have is
    /// a copy that nobody uses. It is dropped before a client deletes the key at the source, and would find the copy.
    mutating func lookForDoubts() -> Step {
        guard !doubts.isEmpty, kind == .slots else {
            doubts = []
            return move()
        }
        return ask(doubts.map { Command("EXISTS").adding(bytes: [$0.key]) }, from, .lookingForDoubts)
    }

    mutating func clearDoubts(_ replies: [RESPValue]) -> Step {
        let copies = zip(doubts, replies).filter { doubt, reply in
            reply.integer == 1 && states[doubt.slot]?.isVirgin == true
        }.map(\.0.key)
        doubts = []
        guard !copies.isEmpty else { return move() }
        return ask(copies.flatMap { [Command("ASKING"), Command("DEL").adding(bytes: [$0])] }, to, .clearingDoubts)
    }

    private mutating func goOn(_ slot: HashSlot, hasMoved: Bool, _ after: inout AfterMoves) {
        guard hasMoved else {
            states[slot]?.tries += 1
            after.pauses = true
            let isLastTry = (states[slot]?.tries ?? 0) > terms.triesMax
            return isLastTry
                ? giveUp(slot, .refused("its keys stay although MIGRATE said that they went")) : queue.append(slot)
        }
        states[slot]?.tries = 0
        // A large one is over; what follows goes together again.
        states[slot]?.isSlow = false
        queue.append(slot)
    }

    private mutating func giveUp(_ slot: HashSlot, _ trouble: Trouble) {
        states[slot]?.trouble = trouble
        stuck.append(slot)
    }
}
