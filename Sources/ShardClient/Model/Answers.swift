import ClusterModel
import ShardCore
import ShardWire
import Wording

extension Plan {
    /// The plan of a reshard, as a shardnode tells it.
    public init(_ plan: ReshardPlan) {
        self.init(
            name: "reshard", fromShardCount: plan.fromShardCount, toShardCount: plan.toShardCount,
            shards: plan.shards.enumerated().map { index, members in
                PlannedShard(
                    id: ShardID(index), members: members.map { MemberID($0) },
                    keys: plan.moves.reduce(0) { $0 + ($1.to == index ? $1.planned : 0) })
            },
            pairs: plan.moves.map { .init(from: ShardID($0.from), to: ShardID($0.to), planned: $0.planned) },
            attempts: Change.Attempts(
                tried: plan.seedsTried,
                tries: plan.seedTries.map { .init(seed: $0.seed, deal: $0.deal, isBalanced: $0.balanced) },
                seed: plan.seed, isDealt: plan.placement == .dealt))
    }
}

extension KeyPlace {
    /// - Parameter change: the running change, which may take the key elsewhere.
    public init(_ location: KeyLocation, under change: ReshardProgress?) {
        self.init(
            key: location.key, shard: ShardID(location.shard), epoch: location.epoch,
            facts: [
                Fact("epoch", EpochNumber.words(location.epoch)), Fact("seed", "\(location.seed)"),
                Fact("MD5", location.hash),
            ],
            holders: location.members.map(Holder.init))
        guard let change, !change.phase.isEnd, let seed = change.seed else { return }
        next = ShardID(ShardHash.shard(of: location.key, seed: seed, count: change.toShardCount))
        nextReason = "under seed \(seed)"
    }
}

extension KeyPlace.Holder {
    fileprivate init(_ holder: KeyLocation.Holder) {
        let member = MemberID(holder.address)
        guard holder.answered else {
            self.init(member: member, holding: .unknown, words: "\(holder.health.rawValue), did not answer")
            return
        }
        guard let version = holder.version else {
            self.init(member: member, holding: .nothing, words: "holds nothing under it")
            return
        }
        self.init(
            member: member, holding: version.isTombstone ? .deleted : .value,
            words: "write \(version.counter) of \(version.node), epoch \(EpochNumber.words(version.epoch))")
    }
}

extension ClusterModel.Event {
    public init(_ event: ClusterEvent) {
        self.init(
            milliseconds: event.milliseconds, kind: Kind(rawValue: event.kind.rawValue) ?? .warning,
            node: event.node.map { MemberID($0) }, text: event.text, recordedBy: MemberID(event.recordedBy),
            sequence: event.sequence)
    }
}

extension Features {
    public init(_ capabilities: ClusterCapabilities) {
        self.init()
        func offer(_ isOffered: Bool) -> Offer { isOffered ? .offered : .absent }
        reshard = offer(capabilities.canReshard)
        plan = offer(capabilities.canPlan)
        abort = offer(capabilities.canAbort)
        steps = offer(capabilities.canAbort)
        events = offer(capabilities.hasEvents)
        locate = offer(capabilities.canLocate)
        addMember = offer(capabilities.canAddMember)
        keyCharactersMax = ShardCore.keyCharactersMax
        keyBytesMax = ShardCore.keyBytesMax
    }
}
