import ShardCore

/// Tells a reshard in lines, one for each phase as it ends, from the coordinator's own counters.
struct ReshardLines {
    private var operation: String?
    private var told: Set<ReshardProgress.Phase> = []

    /// The lines that `progress` adds to those told before.
    mutating func lines(for progress: ReshardProgress) -> [String] {
        if operation != progress.operation {
            operation = progress.operation
            told = []
        }
        var lines: [String] = []
        for timing in progress.timings where !timing.phase.isEnd {
            guard let duration = timing.durationMicroseconds, told.insert(timing.phase).inserted else { continue }
            lines.append(
                "  \(Words.padded(timing.phase.rawValue, 10)) \(Words.padded(Words.time(microseconds: duration), 9)) "
                    + Self.figures(timing.phase, progress))
        }
        if progress.phase.isEnd, told.insert(progress.phase).inserted { lines.append(Self.end(progress)) }
        return lines
    }

    /// Where it is now, for a line that is overwritten.
    static func now(_ progress: ReshardProgress) -> String {
        let waiting = progress.waitingFor.map { "; waiting for \($0)" } ?? ""
        return "\(progress.phase.rawValue): \(figures(progress.phase, progress))\(waiting)"
    }

    private static func figures(_ phase: ReshardProgress.Phase, _ progress: ReshardProgress) -> String {
        switch phase {
        case .check:
            // The coordinator names the parts once it knows them, which may be after the check.
            return progress.parts.isEmpty ? "" : "with \(Words.plural(progress.parts.count, "node"))"
        case .collate:
            let keys = progress.collated.reduce(0) { $0 + $1.keys }
            let total = progress.collated.reduce(0) { $0 + $1.keysTotal }
            let bytes = progress.collated.reduce(0) { $0 + $1.bytes }
            let shards = Words.plural(progress.collated.count, "shard")
            return "\(Words.count(keys)) of \(Words.plural(total, "key")) read from \(shards), \(Words.bytes(bytes))"
        case .rebalance:
            let seed =
                progress.seed.map { "seed \($0) after \(Words.count(progress.seedsTried)) tried" } ?? "no seed yet"
            let deal = progress.seedTries.last(where: \.balanced).map { ", nodes dealt \($0.deal)" } ?? ""
            return "\(seed)\(deal), \(Words.plural(progress.keysRebalanced, "key")) hashed"
        case .broadcast:
            let confirmed = progress.parts.reduce(0) { $0 + $1.confirmed }
            let planned = progress.parts.reduce(0) { $0 + $1.planned }
            let moving = progress.moves.filter { $0.from != $0.to }.reduce(0) { $0 + $1.planned }
            return "\(Words.count(confirmed)) of \(Words.plural(planned, "record")) confirmed by "
                + "\(Words.plural(progress.parts.count, "node")), \(Words.plural(moving, "key")) change shard"
        case .freeze:
            guard let pause = progress.writePauseMicroseconds else { return "writes held" }
            return "writes were held for \(Words.time(microseconds: pause))"
        case .done, .failed, .aborted: return end(progress)
        }
    }

    private static func end(_ progress: ReshardProgress) -> String {
        switch progress.phase {
        case .done:
            return "  \(progress.fromShardCount) to \(Words.plural(progress.toShardCount, "shard")) in "
                + Words.time(microseconds: progress.spentMilliseconds * 1_000)
        default: return "  \(progress.phase.rawValue): \(progress.error ?? "no reason given")"
        }
    }
}
