import Wording

/// The activity of a server between two answers.
struct ServerRates: Hashable, Sendable {
    /// Reads of keys, by whether they found one; of a first answer since the server's start. Nil if it does not tell.
    private(set) var reads: Reads?
    private(set) var evictionsPerSecond: Double?
    /// Of one core, 0 ... 1 and above; nil until two answers are there to compare.
    private(set) var cpuShare: Double?
    private var last: Counters?
    private var lastMilliseconds: UInt64 = 0

    struct Reads: Hashable, Sendable {
        var hits: UInt64
        var misses: UInt64

        var count: UInt64 { hits &+ misses }
        /// The part that found a key, 0 ... 1; nil if nothing was read.
        var hitRate: Double? { count == 0 ? nil : Double(hits) / Double(count) }

        static func + (left: Self, right: Self) -> Self {
            Self(hits: left.hits &+ right.hits, misses: left.misses &+ right.misses)
        }
    }

    /// As the server counts them from its start on.
    private struct Counters: Hashable {
        let runID: String?
        let reads: Reads?
        let evictions: UInt64?
        let cpuSeconds: Double?

        init(_ info: ServerInfo) {
            runID = info.runID
            reads = info.reads
            evictions = info.evictedKeys
            cpuSeconds = info.cpuSeconds
        }
    }

    /// Closer answers say nothing of a rate.
    private static let spanMillisecondsMin: UInt64 = 500

    mutating func take(_ info: ServerInfo, _ now: UInt64) {
        let counters = Counters(info)
        guard let before = last, before.runID == counters.runID, now > lastMilliseconds else {
            (reads, evictionsPerSecond, cpuShare) = (counters.reads, nil, nil)
            (last, lastMilliseconds) = (counters, now)
            return
        }
        let span = now - lastMilliseconds
        guard span >= Self.spanMillisecondsMin else { return }
        reads = Self.growth(before.reads?.hits, counters.reads?.hits).flatMap { hits in
            Self.growth(before.reads?.misses, counters.reads?.misses).map { Reads(hits: hits, misses: $0) }
        }
        evictionsPerSecond = Self.growth(before.evictions, counters.evictions).map { Double($0) * 1_000 / Double(span) }
        cpuShare = before.cpuSeconds.flatMap { old in
            counters.cpuSeconds.map { max(0, ($0 - old) * 1_000 / Double(span)) }
        }
        (last, lastMilliseconds) = (counters, now)
    }

    private static func growth(_ before: UInt64?, _ after: UInt64?) -> UInt64? {
        guard let before, let after, after >= before else { return nil }
        return after - before
    }
}

extension ServerInfo {
    /// Since its start; nil if it does not tell.
    var reads: ServerRates.Reads? {
        hits.flatMap { hits in misses.map { ServerRates.Reads(hits: hits, misses: $0) } }
    }
}

extension ServerRates.Reads {
    /// A moment in which nothing was read has no rate, whatever there was before.
    var words: String { hitRate.map(Figures.percent) ?? "no reads" }
}
