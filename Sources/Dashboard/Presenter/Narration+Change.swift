import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    func narration(of change: Change) -> Narration {
        switch change.outcome?.kind {
        case .done: return narration(ofDone: change)
        case .failed, .aborted:
            let isFailure = change.outcome?.kind == .failed
            let reason = labels.shortened(change.outcome?.reason ?? "no reason given")
            let state = change.outcome?.state.map { " " + labels.shortened($0).asSentence } ?? ""
            return Narration(
                isFailure ? "failed" : "stopped",
                "The \(change.name) \(isFailure ? "failed" : "was stopped"): \(reason.asSentence)\(state)",
                level: isFailure ? .bad : .warning)
        case nil: break
        }
        let word = PlainSteps(change).step.word
        if change.step == .waiting {
            let key = model.demo == nil || model.replay != nil ? "" : " '.' takes it, ',' goes on without steps."
            return Narration(word, sentence(of: change) + " It waits for its next step.\(key)")
        }
        let still = model.changeWatch?.stillMilliseconds(at: model.nowMilliseconds) ?? 0
        if still >= Self.stallMilliseconds {
            return Narration(
                word, "No progress for \(still / 1_000) s: it waits for \(waitedFor(change)).", level: .bad)
        }
        return Narration(word, sentence(of: change))
    }

    /// A longer time without progress is told as a stall.
    static let stallMilliseconds: UInt64 = 3_000

    private func sentence(of change: Change) -> String {
        let stage = change.current
        switch stage.picture {
        case .meters:
            return purpose(of: change)
                + "First \(leader(of: change)) lists all keys, from one node of each shard; nothing moves yet."
        case .attempts: return sentenceOfDeal(change)
        case .parts where stage.holdsWrites:
            return "Writes wait for a moment, so that all nodes can switch to the new shards in the same state. "
                + "Reads go on."
        case .parts:
            return sentenceOfCopies(change)
                + "\(leader(of: change).capitalizedFirst) sends what nodes lack, also what clients write meanwhile; "
                + "until the switch, the old shards serve."
        case .pairs: return sentenceOfMove(change)
        case .words: return sentenceOfWords(change)
        }
    }

    private func leader(of change: Change) -> String { change.leader.map { "node \(labels[$0])" } ?? "who leads it" }

    private func sentenceOfWords(_ change: Change) -> String {
        guard change.current.plainWord == "ask", let shards = change.toShardCount, !model.hasSlots else {
            return change.current.words
        }
        return purpose(of: change)
            + "All nodes are asked to take part; at least \(2 * shards) are needed, so that no key hangs on a single one."
    }

    /// The purpose of the change.
    private func purpose(of change: Change) -> String {
        guard let from = change.fromShardCount, let to = change.toShardCount, from != to else { return "" }
        return from < to
            ? "\(Figures.plural(from, "shard")) \(from == 1 ? "becomes" : "become") \(to), so that each node holds fewer keys. "
            : "\(from) shards become \(to), so that more nodes hold each key. "
    }

    private func sentenceOfDeal(_ change: Change) -> String {
        guard let attempts = change.attempts, let seed = attempts.seed else {
            return Self.meaningOfSeed + "A draw counts once each shard has two nodes."
        }
        if attempts.isDealt {
            return "No seed gave each shard two nodes, so they are dealt in turn. "
                + "Seed \(seed) says of every key where it belongs."
        }
        return Self.meaningOfSeed + Self.words(ofTries: attempts, taken: seed)
    }

    private static let meaningOfSeed =
        "A number, the seed, mixed with a name says which shard a node joins and where a key belongs: "
        + "any node can work it out alone. "

    /// "Seeds 0 to 7 fail, seed 8 is taken."
    private static func words(ofTries attempts: Change.Attempts, taken seed: UInt64) -> String {
        let thrown = attempts.tried - 1
        guard thrown > 0, seed >= UInt64(thrown) else { return "Seed \(seed) is taken." }
        let first = seed - UInt64(thrown)
        let failed = thrown == 1 ? "Seed \(first) fails" : "Seeds \(first) to \(seed - 1) fail"
        return "\(failed), seed \(seed) is taken."
    }

    private func sentenceOfCopies(_ change: Change) -> String {
        let counts = CopyCounts(change, model.overview)
        guard let after = counts.after else { return "" }
        let instead = counts.before.map { $0 == after ? "" : ", not \(CopyCounts.words($0))" } ?? ""
        return "Each key will be on \(CopyCounts.words(after)) nodes\(instead). "
    }

    private func sentenceOfMove(_ change: Change) -> String {
        let moving = change.pairs.moving
        let what = Figures.plural(moving, change.pairUnit)
        guard let slots = model.overview.slots else { return "\(what) change shard, and clients go on." }
        return
            "\(what) \(moving == 1 ? "changes" : "change") shard. Keys lie in \(Figures.count(slots.count)) fixed slots; "
            + "a slot moves with all its keys, and clients go on."
    }

    private func narration(ofDone change: Change) -> Narration {
        let findings = findings(change)
        if let bad = findings.first(where: { $0.result == .bad }) {
            return Narration(
                "not clean", "Something is not as it should be: \(labels.shortened(bad.text)).", level: .bad)
        }
        if let sentence = sentenceOfSwitchJustNow(change) { return Narration("switched", sentence) }
        if findings.contains(where: { $0.result == .pending }) {
            let reads =
                model.readBack?.isRunning == true
                ? "this dashboard reads the keys back."
                : "keys and nodes are looked at."
            return Narration("verify", "\(sentenceOfSwitch(change))Before anybody says done, \(reads)")
        }
        if let missing = findings.first(where: { $0.result == .missing }) {
            return Narration(
                "not all checked", "What was checked is as it should be, but \(labels.shortened(missing.text)).",
                level: .warning)
        }
        return Narration("done", sentenceOfProof(change), level: .good)
    }

    /// The results of the checks, and no more than was checked.
    private func sentenceOfProof(_ change: Change) -> String {
        let check = model.readBack.flatMap { $0.operation == change.id ? $0.check : nil }
        let keys =
            check.map { $0.asked == $0.total ? "Every key was read back" : "A sample of the keys was read back" }
            .map { $0 + " and found where it belongs" } ?? "All that was looked at is as it should be"
        let counts = CopyCounts(change, model.overview)
        let copies = CopyCounts.sentence(counts.after, before: counts.before).map { " " + $0 } ?? ""
        guard let clients = model.clientsOfShownChange, clients.operations > 0 else { return "\(keys).\(copies)" }
        return clients.errors == 0
            ? "\(keys), and no client saw an error.\(copies)"
            : "\(keys). \(Figures.plural(clients.errors, "request")) failed.\(copies)"
    }

    /// The sentence on the switch, which is too short to be seen.
    private func sentenceOfSwitch(_ change: Change) -> String {
        guard let pause = change.writePauseMicroseconds else { return "The new shards are in use. " }
        return "All nodes have switched to the new shards: writes waited \(pauseWords(pause)) for that, reads went on. "
    }

    /// The switch is over before an eye can see it. So it is told for a moment after its end, before the checks are.
    func sentenceOfSwitchJustNow(_ change: Change) -> String? {
        guard let pause = change.writePauseMicroseconds, let watch = model.changeWatch, !watch.wasOver,
            watch.stillMilliseconds(at: model.nowMilliseconds) < Self.switchShownMilliseconds
        else { return nil }
        return
            "All nodes use the new shards from one moment on. Writes waited \(pauseWords(pause)) for it, reads went on."
    }

    func plainSteps(_ change: Change) -> PlainSteps {
        PlainSteps(change, isSwitching: sentenceOfSwitchJustNow(change) != nil)
    }

    private static let switchShownMilliseconds: UInt64 = 1_500

    private func pauseWords(_ microseconds: UInt64) -> String {
        let time = largeFigure(microseconds: microseconds)
        return "\(time.figure) \(time.unit)"
    }
}

extension String {
    /// The text with a capital letter and a full stop.
    fileprivate var asSentence: String { capitalizedFirst + (hasSuffix(".") ? "" : ".") }

    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
