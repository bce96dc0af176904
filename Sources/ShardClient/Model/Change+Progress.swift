import ClusterModel
import ShardCore
import ShardWire
import Wording

extension Change {
    private static let phases: [ReshardProgress.Phase] = [.check, .collate, .rebalance, .broadcast, .freeze]

    /// A change of the layout as a shardnode tells of it.
    public init(_ progress: ReshardProgress) {
        let reached =
            progress.phase.isEnd
            ? progress.timings.last { !$0.phase.isEnd }?.phase ?? .check : progress.phase
        self.init(
            id: progress.operation, name: Self.name(progress.kind),
            stages: Self.phases.map { ClusterModel.Stage($0, progress) },
            stage: Self.phases.firstIndex(of: reached) ?? 0,
            startedMilliseconds: progress.startedMilliseconds)
        if progress.kind == .reshard {
            fromShardCount = progress.fromShardCount
            toShardCount = progress.toShardCount
        }
        leader = MemberID(progress.coordinator)
        outcome = Self.outcome(progress)
        pairs = progress.moves.map {
            Pair(from: ShardID($0.from), to: ShardID($0.to), planned: $0.planned, done: $0.moved)
        }
        parts = progress.parts.map(Part.init)
        attempts = Attempts(
            tried: progress.seedsTried,
            tries: progress.seedTries.map { .init(seed: $0.seed, deal: $0.deal, isBalanced: $0.balanced) },
            seed: progress.seed, isDealt: progress.placement == .dealt, keysHashed: progress.keysRebalanced)
        writePauseMicroseconds = progress.writePauseMicroseconds
        lastProgressMilliseconds = progress.lastProgressMilliseconds
        finishedMilliseconds = progress.finishedMilliseconds
        waitingFor = progress.waitingFor
        isAbortable = progress.isAbortable
        (safety, safetyShort) = Self.safety(progress)
        step = progress.step.map { $0 == .waiting ? .waiting : .running }
        paceMax = progress.keysPerSecondMax
        fromEpoch = progress.fromEpoch
        toEpoch = progress.toEpoch
        agreement = "are in epoch \(EpochNumber.words(progress.toEpoch)) and of one view"
    }

    private static func name(_ kind: ReshardProgress.Kind) -> String {
        switch kind {
        case .reshard: "reshard"
        case .addMember: "adding a member"
        case .removeMember: "removing a member"
        }
    }

    private static func outcome(_ progress: ReshardProgress) -> Outcome? {
        let state = "The layout of epoch \(EpochNumber.words(progress.fromEpoch)) stays in force; nothing was moved."
        return switch progress.phase {
        case .done: Outcome(.done)
        case .failed: Outcome(.failed, reason: progress.error, state: state)
        case .aborted: Outcome(.aborted, reason: progress.error, state: state)
        default: nil
        }
    }

    private static func safety(_ progress: ReshardProgress) -> (long: String, short: String) {
        switch (progress.phase == .freeze, progress.isAbortable) {
        case (true, true): ("no return once members must accept", "reads go on")
        case (true, false): ("past the point of no return", "no way back")
        case (false, true):
            ("The old layout is in force until the switch; abort is safe", "abort is safe until the switch")
        case (false, false): ("The point of no return is passed; it completes", "past the point of no return")
        }
    }
}

extension Change.Part {
    fileprivate init(_ part: ReshardProgress.Part) {
        let level: Level? =
            switch part.state {
            case .lost: .bad
            case .frozen, .accepted: .warning
            case .staged, .switched: .good
            case .waiting, .staging: nil
            }
        self.init(
            member: MemberID(part.node), from: part.fromShard.map { ShardID($0) }, to: part.toShard.map { ShardID($0) },
            planned: part.planned, sent: part.sent, confirmed: part.confirmed, state: part.state.rawValue,
            level: level, isTaking: part.state == .staging)
    }
}
