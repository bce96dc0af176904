/// Dry runs: the layout that a reshard would give, and how many keys would move.
struct PlanQueries: Sendable {
    /// One that has ended.
    struct Plan: Sendable {
        let client: RequestID
        let shardCount: Int
        let epoch: UInt64
        let startedMicroseconds: UInt64
        fileprivate(set) var search: SeedSearch
        /// Keys by new shard, of each old shard that has answered.
        fileprivate(set) var counts: [Int: [Int]] = [:]
        /// Questions under way: their ids, with the old shard each is about.
        fileprivate var asked: [UInt64: Int] = [:]
    }

    private var open: [Plan] = []

    private static let planMilliseconds: UInt64 = 15_000
    private static let plansMax = 16

    /// - Returns: false if too many are under way.
    mutating func begin(
        shardCount: Int, epoch: UInt64, _ search: SeedSearch, for client: RequestID, _ now: Instant
    ) -> Bool {
        guard open.count < Self.plansMax else { return false }
        open.append(
            Plan(
                client: client, shardCount: shardCount, epoch: epoch,
                startedMicroseconds: now.monotonicMicroseconds, search: search))
        return true
    }

    /// Goes on with the search of each plan that has none, by so many hashes.
    ///
    /// - Returns: the places of those that found a layout now, with its seed; and whether others still search.
    mutating func advance(hashes: Int) -> (found: [(index: Int, seed: UInt64, shardCount: Int)], isSearching: Bool) {
        var found: [(index: Int, seed: UInt64, shardCount: Int)] = []
        var isSearching = false
        for index in open.indices where open[index].search.outcome == nil {
            guard let outcome = open[index].search.advance(hashes: hashes) else {
                isSearching = true
                continue
            }
            found.append((index, outcome.seed, open[index].shardCount))
        }
        return (found, isSearching)
    }

    /// - Parameter index: as ``advance(hashes:)`` gave it; no plan may have ended since.
    mutating func note(_ id: UInt64, askedAbout shard: Int, ofPlanAt index: Int) {
        assert(open.indices.contains(index) && open[index].search.outcome != nil, "no layout to count for")
        open[index].asked[id] = shard
    }

    /// - Returns: the plan where all shards that were asked have told.
    mutating func noteCounts(_ id: UInt64, _ keys: [Int]) -> Plan? {
        guard let index = open.firstIndex(where: { $0.asked[id] != nil }),
            let owner = open[index].asked.removeValue(forKey: id), keys.count == open[index].shardCount
        else { return nil }
        open[index].counts[owner] = keys
        guard open[index].asked.isEmpty, open[index].search.outcome != nil else { return nil }
        return open.remove(at: index)
    }

    /// Ends the first of those that had their time.
    mutating func expired(_ now: Instant) -> Plan? {
        let index = open.firstIndex { now.hasPassed(Self.planMilliseconds, since: $0.startedMicroseconds) }
        return index.map { open.remove(at: $0) }
    }
}

/// Counting this node's keys by the shard they would belong to, for somebody's dry run; one after the other.
struct CountJobs: Sendable {
    private struct Job: Sendable {
        let id: UInt64
        let node: NodeAddress
        let seed: UInt64
        var counts: [Int]
        var cursor = 0
    }

    private var jobs: [Job] = []

    private static let jobsMax = 64

    var isEmpty: Bool { jobs.isEmpty }

    /// - Returns: false if too many wait.
    mutating func begin(_ id: UInt64, _ seed: UInt64, shardCount: Int, for node: NodeAddress) -> Bool {
        guard jobs.count < Self.jobsMax else { return false }
        jobs.append(Job(id: id, node: node, seed: seed, counts: Array(repeating: 0, count: shardCount)))
        return true
    }

    /// Counts the next keys.
    ///
    /// - Returns: what came of the first job, and for whom, where it has ended.
    mutating func advance(_ store: Store, keys: Int) -> (id: UInt64, counts: [Int], node: NodeAddress)? {
        guard var job = jobs.first else { return nil }
        let end = min(store.slots.count, job.cursor + keys)
        if job.cursor < end {
            for position in job.cursor..<end where store.isHeld(position) && !store.slots.isTombstone(at: position) {
                let key = store.slots.key(at: position)
                job.counts[ShardHash.shard(of: key, seed: job.seed, count: job.counts.count)] += 1
            }
        }
        job.cursor = end
        guard end >= store.slots.count else {
            jobs[0] = job
            return nil
        }
        jobs.removeFirst()
        return (job.id, job.counts, job.node)
    }
}
