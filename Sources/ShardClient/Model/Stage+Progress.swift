import ClusterModel
import ShardCore
import Wording

extension ClusterModel.Stage {
    init(_ phase: ReshardProgress.Phase, _ progress: ReshardProgress) {
        self.init(phase.rawValue, words: Self.words(phase, progress), picture: Self.picture(phase))
        let timing = progress.timings.last { $0.phase == phase }
        startMicroseconds = timing?.startMicroseconds
        durationMicroseconds = timing?.durationMicroseconds
        work = Self.work(phase, progress)
        figures = Self.figures(phase, progress)
        holdsWrites = phase == .freeze
        guard phase == .collate else { return }
        meters = progress.collated.map {
            Meter(
                shard: ShardID($0.shard), source: $0.source.map { MemberID($0) }, done: $0.keys, total: $0.keysTotal,
                bytes: $0.bytes)
        }
    }

    private static func picture(_ phase: ReshardProgress.Phase) -> Picture {
        switch phase {
        case .collate: .meters
        case .rebalance: .attempts
        case .broadcast, .freeze: .parts
        case .check, .done, .failed, .aborted: .words
        }
    }

    private static func words(_ phase: ReshardProgress.Phase, _ progress: ReshardProgress) -> String {
        switch phase {
        case .check:
            "Asking every node to take part; \(Figures.count(2 * progress.toShardCount)) are needed, two for each shard."
        case .collate: "Reading every key from one member of each shard."
        case .rebalance: "Trying seeds until each shard gets two nodes or more, and finding each key's new shard."
        case .broadcast: "Sending every node the keys that will be its own."
        case .freeze: "Holding writes for a moment while all nodes switch to the new layout."
        case .done, .failed, .aborted: ""
        }
    }

    /// The work of a phase. A key goes to as many members as lack it, so there are more copies than keys.
    private static func work(_ phase: ReshardProgress.Phase, _ progress: ReshardProgress) -> Work {
        switch phase {
        case .collate:
            Work(
                done: progress.collated.reduce(0) { $0 + $1.keys },
                total: progress.collated.reduce(0) { $0 + $1.keysTotal }, unit: "key")
        case .rebalance:
            Work(done: progress.keysRebalanced, total: progress.collated.reduce(0) { $0 + $1.keys }, unit: "key")
        default:
            Work(
                done: progress.parts.reduce(0) { $0 + $1.confirmed },
                total: progress.parts.reduce(0) { $0 + $1.planned }, unit: "copy")
        }
    }

    private static func figures(_ phase: ReshardProgress.Phase, _ progress: ReshardProgress) -> String {
        switch phase {
        case .check:
            // The coordinator names the parts once it knows them, which may be after the check.
            return progress.parts.isEmpty ? "" : "with \(Figures.plural(progress.parts.count, "node"))"
        case .collate:
            let keys = progress.collated.reduce(0) { $0 + $1.keys }
            let total = progress.collated.reduce(0) { $0 + $1.keysTotal }
            let bytes = progress.collated.reduce(0) { $0 + $1.bytes }
            let shards = Figures.plural(progress.collated.count, "shard")
            return
                "\(Figures.count(keys)) of \(Figures.plural(total, "key")) read from \(shards), \(Figures.bytes(bytes))"
        case .rebalance:
            let seed =
                progress.seed.map { "seed \($0) after \(Figures.count(progress.seedsTried)) tried" } ?? "no seed yet"
            let deal = progress.seedTries.last(where: \.balanced).map { ", nodes dealt \($0.deal)" } ?? ""
            return "\(seed)\(deal), \(Figures.plural(progress.keysRebalanced, "key")) hashed"
        case .broadcast:
            let confirmed = progress.parts.reduce(0) { $0 + $1.confirmed }
            let planned = progress.parts.reduce(0) { $0 + $1.planned }
            let moving = progress.moves.filter { $0.from != $0.to }.reduce(0) { $0 + $1.planned }
            return "\(Figures.count(confirmed)) of \(Figures.plural(planned, "record")) confirmed by "
                + "\(Figures.plural(progress.parts.count, "node")), \(Figures.plural(moving, "key")) change shard"
        case .freeze:
            guard let pause = progress.writePauseMicroseconds else { return "writes held" }
            return "writes were held for \(Figures.duration(microseconds: pause))"
        case .done, .failed, .aborted: return ""
        }
    }
}
