import ClusterModel

/// Bytes of slots that a server sent and received by atomic migration since it started.
struct SlotBytes: Hashable, Sendable {
    var sent: UInt64
    var received: UInt64
}

/// Slots that somebody else moves: what polls show of it. Nobody tells how many there are to be, so what is planned is
/// what was moved and what is on its way.
struct ForeignMigration: Hashable, Sendable {
    struct PairKey: Hashable, Sendable, Comparable {
        let from: NodeID
        let to: NodeID

        static func < (left: Self, right: Self) -> Bool { (left.from, left.to) < (right.from, right.to) }
    }

    struct Pair: Hashable, Sendable {
        /// As they were called when it began: who gives its last slot away goes into another shard.
        let from: ShardID
        let to: ShardID
        var moved = SlotSet()
        /// Open at one end or both, or in a job that runs.
        var moving = SlotSet()
        var bytes: UInt64 = 0
        /// The words in which a job of it ended, where that was not success.
        var failure: String?
    }

    struct Run: Hashable, Sendable {
        let startedMilliseconds: UInt64
        var lastProgressMilliseconds: UInt64
        var pairs: [PairKey: Pair] = [:]
        var finishedMilliseconds: UInt64?
        /// True if it ended with slots open.
        var isLeftOpen = false

        var movedCount: Int { pairs.values.reduce(0) { $0 + $1.moved.count } }
        var movingCount: Int { pairs.values.reduce(0) { $0 + $1.moving.count } }
    }

    /// Of a program that goes slot by slot some polls find none open.
    static let quietMilliseconds: UInt64 = 2_500
    /// A slot that is open and does not get on for so long is given up.
    static let stalledMilliseconds: UInt64 = 20_000
    /// After a change of our own, what spreads of it is not somebody else's.
    private static let afterOursMilliseconds: UInt64 = 3_000

    /// The one that runs, or ran last.
    private(set) var run: Run?
    private var topology: Topology?
    private var number = 0
    private var bytes: [NodeID: SlotBytes] = [:]
    /// Ids of jobs that were seen to run, as long as servers list them.
    private var jobsSeen: Set<String> = []
    private var oursUntilMilliseconds: UInt64 = 0

    var isRunning: Bool { run != nil && run?.finishedMilliseconds == nil }

    /// - Parameters:
    ///   - number: counts the topologies that differed from the one before.
    ///   - names: what a primary's shard is called, or was before this look.
    /// - Returns: what begins, joins in or ends with this look.
    mutating func observe(
        _ now: Topology, number: Int, names: (NodeID) -> ShardID, jobs: [SlotJob], bytes: [NodeID: SlotBytes],
        isOursRunning: Bool, _ time: UInt64
    ) -> [Sighting] {
        defer {
            (topology, self.number) = (now, number)
            self.bytes = bytes
        }
        if isOursRunning { oursUntilMilliseconds = time + Self.afterOursMilliseconds }
        guard time >= oursUntilMilliseconds else { return [] }
        let look = Look(before: number == self.number ? nil : topology, now: now, jobs: jobs, seen: jobsSeen)
        jobsSeen = look.running.union(jobsSeen.intersection(jobs.map(\.id)))
        var found: [Sighting] = []
        if !isRunning {
            guard look.isMoving else { return [] }
            run = Run(startedMilliseconds: time, lastProgressMilliseconds: time)
            found.append(begun(look, now))
        }
        let joined = take(look, names, bytes, time)
        if found.isEmpty { found += joined.map { joins($0, now) } }
        return found + end(now, time)
    }

    private mutating func take(
        _ look: Look, _ names: (NodeID) -> ShardID, _ bytes: [NodeID: SlotBytes], _ time: UInt64
    ) -> [PairKey] {
        guard var run else { return [] }
        var joined: [PairKey] = []
        var hasMoved = false
        for pair in Set(look.moved.keys).union(look.moving.keys).union(run.pairs.keys).sorted() {
            if run.pairs[pair] == nil { joined.append(pair) }
            var entry = run.pairs[pair] ?? Pair(from: names(pair.from), to: names(pair.to))
            let before = entry
            entry.moved.formUnion(look.moved[pair] ?? SlotSet())
            entry.moving = (look.moving[pair] ?? SlotSet()).subtracting(entry.moved)
            // Slots that came back were not moved after all.
            if let back = look.moved[PairKey(from: pair.to, to: pair.from)] { entry.moved.subtract(back) }
            entry.failure = look.failures[pair] ?? entry.failure
            entry.bytes &+= grown(pair, look, bytes)
            hasMoved = hasMoved || entry != before
            run.pairs[pair] = entry
        }
        if hasMoved { run.lastProgressMilliseconds = time }
        self.run = run
        return joined
    }

    /// Bytes are counted by server: they are a pair's where one of its ends is in no other.
    private func grown(_ pair: PairKey, _ look: Look, _ now: [NodeID: SlotBytes]) -> UInt64 {
        let active = Set(look.moving.keys).union(look.moved.keys)
        guard active.contains(pair) else { return 0 }
        func growth(_ node: NodeID, _ count: (SlotBytes) -> UInt64) -> UInt64? {
            guard let before = bytes[node].map(count), let after = now[node].map(count), after >= before else {
                return nil
            }
            return after - before
        }
        if active.count(where: { $0.from == pair.from }) == 1 { return growth(pair.from, \.sent) ?? 0 }
        if active.count(where: { $0.to == pair.to }) == 1 { return growth(pair.to, \.received) ?? 0 }
        return 0
    }

    private mutating func end(_ topology: Topology, _ time: UInt64) -> [Sighting] {
        guard let run, run.finishedMilliseconds == nil else { return [] }
        let quiet = time - min(time, run.lastProgressMilliseconds)
        let isOpen = run.movingCount > 0
        guard quiet >= (isOpen ? Self.stalledMilliseconds : Self.quietMilliseconds) else { return [] }
        self.run?.finishedMilliseconds = run.lastProgressMilliseconds
        self.run?.isLeftOpen = isOpen
        guard !isOpen else {
            let text = "somebody else's migration stopped half-way: \(run.movingCount) slots are left open"
            return [Sighting(kind: .reshardFailed, text: text)]
        }
        let pairs = run.pairs.sorted { $0.key < $1.key }.filter { !$0.value.moved.isEmpty }.map { key, pair in
            "\(pair.moved.count) from \(topology.name(of: key.from)) to \(topology.name(of: key.to))"
        }
        let text = "somebody else's migration ended: slots moved: " + Disagreement.list(pairs)
        return [Sighting(kind: pairs.isEmpty ? .reshardFailed : .reshardDone, text: text)]
    }

    private func begun(_ look: Look, _ topology: Topology) -> Sighting {
        let pairs = Set(look.moved.keys).union(look.moving.keys).sorted()
        let words = pairs.map { "from \(topology.name(of: $0.from)) to \(topology.name(of: $0.to))" }
        return Sighting(
            kind: .reshardStarted, node: pairs.first.map { topology.member($0.from) },
            text: "somebody else moves slots " + Disagreement.list(words),
            by: pairs.first.map { topology.member($0.from) })
    }

    private func joins(_ pair: PairKey, _ topology: Topology) -> Sighting {
        Sighting(
            kind: .slotsMoved, node: topology.member(pair.from),
            text: "slots move from \(topology.name(of: pair.from)) to \(topology.name(of: pair.to))",
            by: topology.member(pair.from))
    }
}
