import LocalServers
import ValkeyClient

/// One death in the middle of a move of slots, and what is done after it until all is well again.
struct EngineKill: Sendable {
    /// Those that move, to and fro.
    static let slots = SlotSet(range)
    private static let range = 0...2_047
    /// A slot of each of the three shards that none of this moves.
    private static let anchors = (first: 3_000, second: 8_192, third: 16_383)

    let loaded: EngineCluster
    let way: EngineTrialOptions.Way
    let victim: EngineTrialOptions.Victim
    /// Counts the kills of one kind, so that they differ: how far the move is, and what is done then.
    let number: Int

    struct Outcome: Sendable {
        /// The death fell in the middle of a migration: it was under way just before, and not done just after.
        var isInside = false
        /// How far it was.
        var state = ""
        var words: [String] = []
        /// The program came to the end of the change by itself.
        var hasEndedWell = false
        var problems: [String] = []
        /// While keys go back to a slot's owner it takes them for missing.
        var missedInPutBack = 0
        /// False if slots stayed open: nothing more can be tried then.
        var isRepaired = true
        /// Numbers of the keys that somebody had right after the death of a server, whose replica then took its place;
        /// nil if nothing can have gone with one.
        var had: Set<Int>?
        /// Servers that took the place of the dead one, and had to give it back when that was started: what they had
        /// acknowledged meanwhile is gone, whoever asked them.
        var takenBack: [ServerAddress] = []
    }

    /// The servers that a move concerns, and for each end a slot that its shard keeps, by which its owner is found
    /// again.
    private struct Parts: Sendable {
        let source: LocalServer
        let target: LocalServer
        /// A primary that is neither.
        let witness: LocalServer
        let targetAnchor: Int
        let sourceAnchor: Int
    }

    func strike() async throws -> Outcome {
        var outcome = Outcome()
        let parts = try await parts()
        let demotions = demotionCounts()
        let top = try await move(parts, rate: 800)
        if let before = try await awaitMiddle(parts, top) {
            try await kill(before, parts, top, &outcome)
        } else {
            outcome.words.append("the move was over before its middle was seen")
            let ending = try await top.end()
            if ending.status != 0 { outcome.problems.append("the move ended with \(ending.status): \(ending.words)") }
        }
        try await awaitReturn(outcome)
        note(demotions, parts, &outcome)
        try await repair(parts, &outcome)
        try await finish(parts, &outcome)
        return outcome
    }

    /// How often each server says that another took its place.
    private func demotionCounts() -> [ServerAddress: Int] {
        let words = "Configuration change detected. Reconfiguring myself as a replica"
        let counts = loaded.cluster.servers.map { server in
            let log = (try? String(contentsOfFile: server.logPath, encoding: .utf8)) ?? ""
            return (server.address, log.split(separator: "\n").count { $0.contains(words) })
        }
        return Dictionary(uniqueKeysWithValues: counts)
    }

    private func note(_ before: [ServerAddress: Int], _ parts: Parts, _ outcome: inout Outcome) {
        let dead = [victim == .source ? parts.source : parts.target].map(\.address)
        outcome.takenBack = demotionCounts().filter { $0.value > before[$0.key] ?? 0 && !dead.contains($0.key) }
            .keys.sorted()
        for server in outcome.takenBack {
            outcome.words.append("\(server) took its place, and gave it back when it was started again")
        }
    }

    private func parts() async throws -> Parts {
        let topology = try await loaded.topology()
        func owner(_ slot: Int) throws -> LocalServer { try loaded.owner(of: slot, topology) }
        let source = try owner(Self.range.lowerBound)
        let (first, second) = (try owner(Self.anchors.first), try owner(Self.anchors.second))
        let isAtFirst = source === first
        guard isAtFirst || source === second else { throw TrialError("the slots are where they should not be") }
        return Parts(
            source: source, target: isAtFirst ? second : first, witness: try owner(Self.anchors.third),
            targetAnchor: isAtFirst ? Self.anchors.second : Self.anchors.first,
            sourceAnchor: isAtFirst ? Self.anchors.first : Self.anchors.second)
    }

    private func move(_ parts: Parts, rate: Int? = nil) async throws -> TopProcess {
        let target = try loaded.owner(of: parts.targetAnchor, try await loaded.topology())
        let name = try await loaded.shardName(of: target, askedAt: parts.witness)
        let words = ["move", "\(Self.range.lowerBound)-\(Self.range.upperBound)", name, "--yes"]
        return try loaded.start(words + (rate.map { ["--rate", "\($0)"] } ?? []), at: parts.witness)
    }

    /// Returns when as much has moved as this kill waits for, and something is under way; nil if the move ends before.
    private func awaitMiddle(_ parts: Parts, _ top: TopProcess) async throws -> MoveLook? {
        let arrivedMin = Self.slots.count * (number % 5) / 8
        // Jobs of the servers go through several states: not always the first is waited for.
        var seen: Set<String> = []
        let statesMin = way == .atomic ? 1 + number % 2 : 1
        while top.isRunning {
            let look = await MoveLook.take(of: Self.slots, parts.source, parts.target)
            if look.isInTheMiddle(way), look.arrived?.count ?? 0 >= arrivedMin {
                seen.insert(look.words(way))
                if seen.count >= statesMin { return look }
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        return nil
    }

    private func kill(_ before: MoveLook, _ parts: Parts, _ top: TopProcess, _ outcome: inout Outcome) async throws {
        outcome.state = "\(before.words(way)), \(before.arrived?.count ?? 0) of \(Self.slots.count) slots arrived"
        let dead: LocalServer? =
            switch victim {
            case .source: parts.source
            case .target: parts.target
            case .shardtop: nil
            }
        if let dead { await dead.kill() } else { top.kill9() }
        let after = await MoveLook.take(of: Self.slots, parts.source, parts.target)
        outcome.isInside = after.isUnfinished(since: before, of: Self.slots, way, isProgramDead: dead == nil)
        if dead == nil, way == .atomic { outcome.state += ", \(after.running.count) jobs ran on" }
        outcome.words.append("killed the \(victim.rawValue): \(outcome.state)\(outcome.isInside ? "" : " (outside)")")
        if let dead { try await bringBack(dead, parts, &outcome) }
        let ending = try await top.end()
        outcome.hasEndedWell = ending.status == 0
        if dead != nil {
            outcome.words.append("the program ended with \(ending.status): \(ending.words)")
        } else if ending.status != 137 {
            outcome.words.append("the program had ended")
        }
    }

    /// Starts it again at once, or when its replica has taken its place, in turn.
    private func bringBack(_ dead: LocalServer, _ parts: Parts, _ outcome: inout Outcome) async throws {
        if !number.isMultiple(of: 2) {
            outcome.had = try await heldNumbers()
            let anchor = dead === parts.source ? parts.sourceAnchor : parts.targetAnchor
            let end = ContinuousClock.now + TrialCluster.patience
            while try loaded.owner(of: anchor, try await loaded.topology()) === dead {
                guard ContinuousClock.now < end else {
                    throw TrialError("no replica took the place of \(dead.address)")
                }
                try await Task.sleep(for: .milliseconds(50))
            }
            outcome.words.append("its replica took its place")
        }
        try await dead.start()
        if number.isMultiple(of: 2) { outcome.words.append("it was started again") }
    }

    /// Of the keys in the slots, those that a server has that runs, whether primary or replica.
    private func heldNumbers() async throws -> Set<Int> {
        let questions = Self.slots.map { Command("CLUSTER", "GETKEYSINSLOT", "\($0)", "100000") }
        var names: Set<[UInt8]> = []
        for server in loaded.cluster.servers where server.isRunning {
            for reply in try await server.send(questions, within: .seconds(20)) {
                names.formUnion((reply.elements ?? []).compactMap(\.bytes))
            }
        }
        return Set(loaded.keys.numbers(in: Self.slots).filter { names.contains(EngineKeys.key($0)) })
    }

    /// Returns when every server answers and takes nobody for failed.
    private func awaitReturn(_ outcome: Outcome) async throws {
        let end = ContinuousClock.now + TrialCluster.patience
        let count = loaded.cluster.servers.count
        while true {
            let topology = try await loaded.topology()
            let failing = topology.nodes.values.filter { $0.isFailed || !$0.suspectedBy.isEmpty || $0.isInHandshake }
            if failing.isEmpty, topology.viewers.count == count { return }
            guard ContinuousClock.now < end else {
                let names = failing.map { topology.name(of: $0.id) }
                throw TrialError(
                    "\(topology.viewers.count) of \(count) servers answer, taken for failed are \(names); "
                        + outcome.words.joined(separator: "; "))
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func repair(_ parts: Parts, _ outcome: inout Outcome) async throws {
        let topology = try await loaded.topology()
        let (open, jobs) = (topology.openSlots.count, await loaded.runningJobs().count)
        let unowned = topology.uncovered.union(topology.doublyOwned)
        guard open + jobs + unowned.count > 0 else { return }
        let flags = victim == .shardtop && !number.isMultiple(of: 2) ? ["--put-back"] : []
        let wrong = loaded.traffic.figures.wrong
        let ending = try await loaded.start(["repair", "--yes"] + flags, at: parts.witness).end()
        if !flags.isEmpty { outcome.missedInPutBack = loaded.traffic.figures.wrong - wrong }
        outcome.words.append(
            "\(open) slots were open, \(jobs) jobs ran: \((["repair"] + flags).joined(separator: " ")): \(ending.words)"
        )
        if ending.status != 0 {
            outcome.problems.append("the repair ended with \(ending.status): \(ending.output)")
            outcome.isRepaired = false
        }
    }

    /// Calls the change anew, until it is done.
    private func finish(_ parts: Parts, _ outcome: inout Outcome) async throws {
        guard outcome.isRepaired, try await !isDone(parts) else { return }
        let ending = try await move(parts).end()
        outcome.words.append("called anew: \(ending.words)")
        if ending.status != 0 {
            outcome.problems.append("called anew, it ended with \(ending.status): \(ending.output)")
        }
        if try await !isDone(parts) { outcome.problems.append("the slots are not where they were to go") }
    }

    private func isDone(_ parts: Parts) async throws -> Bool {
        let topology = try await loaded.topology()
        let target = try loaded.owner(of: parts.targetAnchor, topology)
        let slots = topology.nodes.values.first { $0.address == target.address }?.slots ?? SlotSet()
        return Self.slots.isSubset(of: slots)
    }

    /// Says which of the keys that are gone must not be, and puts all back, so that a loss counts once.
    ///
    /// - Returns: how many went with the server, as no replica had them yet.
    func judge(_ differing: [Int], _ outcome: Outcome, _ report: inout Trial.Report) async throws -> Int {
        guard !differing.isEmpty else { return 0 }
        let excused = differing.filter { number in
            loaded.keys.numbers(in: Self.slots).contains(number) && outcome.had.map { !$0.contains(number) } ?? false
        }
        if excused.count < differing.count {
            report.problems.append(
                "\(differing.count - excused.count) keys are gone or changed that a server had: \(outcome.words.joined(separator: "; "))"
            )
        }
        try await loaded.keys.load(try await loaded.topology(), loaded.servers, only: differing)
        return excused.count
    }
}
