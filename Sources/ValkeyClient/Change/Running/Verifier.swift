import ClusterModel
import Wording

/// Looks, when a change is over, whether all is as it should be: by what the nodes themselves say.
struct Verifier: Sendable {
    let surveyor: Surveyor
    let runner: ProcedureRunner

    struct Outcome: Sendable {
        var findings: [Change.Finding]
        var isClean: Bool { !findings.contains { $0.result == .bad } }
        /// The faults that were found, for a person; empty if there are none.
        var faults: [String] { findings.filter { $0.result == .bad }.map(\.text) }
    }

    /// The counts from before the change, to compare with.
    struct Before: Sendable {
        let keys: Int?
        let writes: [NodeID: UInt64]?
    }

    /// - Parameters:
    ///   - expected: who is to have which slots, as far as the change moved them.
    ///   - takers: who took slots in by jobs, which counts what it takes in like clients' commands.
    func verify(expected: [NodeID: SlotSet], before: Before?, takers: Set<NodeID>, patience: Duration) async -> Outcome
    {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: patience)
        var hasTold = false
        while true {
            let isLast = clock.now >= end
            guard let survey = try? await surveyor.survey() else {
                if !isLast, (try? await Task.sleep(for: .milliseconds(200))) != nil { continue }
                return Outcome(findings: [.init("nobody answers, so nothing could be looked at", .missing)])
            }
            let disagreements = Safety.disagreements(survey)
            let findings = look(survey, expected, disagreements)
            let isSettled = !findings.contains { $0.result == .bad }
            if isSettled || isLast {
                return Outcome(findings: findings + (isSettled ? await keyFinding(before, survey, takers: takers) : []))
            }
            // Word of it spreads by itself within a second. A node that has not heard of it then is told.
            if clock.now.advanced(by: patience / 2) > end, !hasTold {
                hasTold = true
                await tell(survey)
            }
            guard (try? await Task.sleep(for: .milliseconds(100))) != nil else {
                return Outcome(findings: findings)
            }
        }
    }

    private func look(_ survey: Survey, _ expected: [NodeID: SlotSet], _ disagreements: [String]) -> [Change.Finding] {
        let topology = survey.topology
        var findings: [Change.Finding] = []
        let isCovered = topology.uncovered.isEmpty && topology.doublyOwned.isEmpty
        findings.append(
            isCovered
                ? .init("all \(Figures.plural(HashSlot.count, "slot")) have one owner", .good)
                : .init(
                    topology.uncovered.isEmpty
                        ? "\(topology.doublyOwned.words) have two owners" : "\(topology.uncovered.words) have no owner",
                    .bad))
        let open = SlotSet(topology.openSlots.keys)
        findings.append(open.isEmpty ? .init("no slot is open", .good) : .init("\(open.words) are open", .bad))
        if let words = Safety.idlePrimaries(survey).first { findings.append(.init(words, .bad)) }
        let jobs = survey.runningJobs
        if survey.answers.values.contains(where: { $0.jobs != nil }) {
            findings.append(
                jobs.isEmpty
                    ? .init("no migration is left running", .good)
                    : .init("\(Figures.plural(jobs.count, "migration")) still running", .bad))
        }
        let wrong = expected.filter { id, slots in !slots.isSubset(of: topology.nodes[id]?.slots ?? SlotSet()) }
        for (id, slots) in wrong.sorted(by: { $0.key < $1.key }) {
            let missing = slots.subtracting(topology.nodes[id]?.slots ?? SlotSet())
            findings.append(.init("\(topology.name(of: id)) has not got \(missing.words)", .bad))
        }
        if let words = disagreements.first {
            findings.append(.init(words, .bad))
        } else {
            let count = survey.answers.count
            findings.append(
                .init(
                    "\(count == 1 ? "the node" : "all \(count) nodes") that answered agree on who has which slots",
                    .good))
        }
        if !survey.silent.isEmpty {
            let names = survey.silent.keys.sorted().prefix(3).map { topology.name(of: $0) }.joined(separator: ", ")
            findings.append(.init("\(names) did not answer, so what they think is not known", .missing))
        }
        return findings
    }

    /// Tells nodes that take another for the owner of slots who it is.
    private func tell(_ survey: Survey) async {
        for disagreement in survey.topology.disagreements {
            guard case .owner(let slots, _) = disagreement.subject else { continue }
            let commands = slots.compactMap { slot in
                survey.topology.owner(of: slot).map { Command.give(slot, to: $0.id) }
            }
            let requests = disagreement.viewers.compactMap { survey.topology.nodes[$0] }.filter { !$0.isReplica }
                .compactMap { $0.address.map { Request(commands, to: $0, within: .seconds(20)) } }
            if !requests.isEmpty { _ = await runner.ask(requests, lane: 0) }
        }
    }
}

extension Verifier {
    /// Keys of all, and what clients have written up to now, where that can be told.
    func count(_ survey: Survey) async -> Before {
        let owners = survey.topology.primaries.filter { !$0.slots.isEmpty }.compactMap { survey.peer($0.id) }
        let commands = [Command("DBSIZE"), Command("INFO", "commandstats"), Command("INFO", "stats")]
        let answers = await runner.ask(owners.map { Request(commands, to: $0.address) }, lane: 0)
        var keys: Int? = 0
        var writes: [NodeID: UInt64]? = [:]
        for (owner, answer) in zip(owners, answers) {
            let replies = answer.replies ?? []
            guard replies.count == 3, let size = replies[0].integer else {
                keys = nil
                continue
            }
            keys = keys.map { $0 + Int(size) }
            guard let statistics = replies[1].bytes, let stats = replies[2].bytes else {
                writes = nil
                continue
            }
            let gone = InfoText(stats, names: ["expired_keys", "evicted_keys"])
            writes?[owner.id] =
                Self.foreignCalls(statistics) &+ (gone.count("expired_keys") ?? 0) &+ (gone.count("evicted_keys") ?? 0)
        }
        return Before(keys: keys, writes: writes)
    }

    /// Calls of commands that may change keys and are none of a move's.
    private static func foreignCalls(_ statistics: [UInt8]) -> UInt64 {
        InfoText(statistics, names: [], prefixes: ["cmdstat_"]).parts("cmdstat_").reduce(0) { sum, entry in
            let name = entry.name.dropFirst("cmdstat_".count).split(separator: "|").first.map(String.init) ?? ""
            guard !harmless.contains(name) else { return sum }
            return sum &+ (entry.parts["calls"].flatMap { UInt64($0) } ?? 0)
        }
    }

    private static let harmless: Set<String> = [
        "cluster", "info", "migrate", "restore", "restore-asking", "ping", "command", "client", "hello", "auth",
        "config",
        "dbsize", "role", "replconf", "psync", "sync", "asking", "get", "mget", "exists", "ttl", "pttl", "type", "scan",
        "dump",
        "select", "acl", "wait", "time", "readonly", "readwrite", "echo", "strlen", "hget", "hgetall", "lrange", "llen",
        "smembers", "zrange", "memory", "slowlog", "latency", "debug", "object", "multi", "exec", "subscribe",
        "publish",
    ]

    private func keyFinding(_ before: Before?, _ survey: Survey, takers: Set<NodeID>) async -> [Change.Finding] {
        guard let before, let keysBefore = before.keys else { return [] }
        let after = await count(survey)
        guard let keys = after.keys else {
            return [.init("not all nodes could be asked how many keys they hold", .missing)]
        }
        // Those are compared that were asked before, have slots still, and count nothing of the move itself as a command.
        let quiet = (before.writes ?? [:]).compactMap { id, count in
            takers.contains(id) ? nil : after.writes?[id].map { $0 == count }
        }
        if quiet.contains(false) || before.writes == nil {
            return [
                .init(
                    "clients write meanwhile, so keys before (\(Figures.count(keysBefore))) and after "
                        + "(\(Figures.count(keys))) cannot be compared",
                    .missing)
            ]
        }
        if keys == keysBefore { return [.init("\(Figures.plural(keys, "key")) before and after", .good)] }
        if quiet.isEmpty {
            return [
                .init(
                    "\(Figures.plural(keysBefore, "key")) before, \(Figures.count(keys)) after; whether clients write meanwhile could not be told",
                    .missing)
            ]
        }
        return [
            .init(
                "\(Figures.plural(keysBefore, "key")) before, \(Figures.count(keys)) after, and no client has written",
                .bad)
        ]
    }
}
