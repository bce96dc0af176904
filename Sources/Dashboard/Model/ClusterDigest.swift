import ClusterModel
import TerminalUI
import Wording

/// The content of one panel: a shard, or the nodes in none.
struct ShardGroup: Equatable, Sendable {
    var shard: Shard?
    var members: [Member]
    /// Members that a filter hides.
    var hidden = 0

    var size: PanelSize { PanelSize(members: members.count, isShard: shard != nil) }
}

/// How many rows a panel takes.
struct PanelSize: Equatable, Sendable {
    let members: Int
    let isShard: Bool

    /// Rows of the frame, of each member, and of a shard's count and load.
    func rows(_ form: PanelForm) -> Int { members + 2 + (isShard ? 1 + form.extraRows : 0) }
}

/// The sums over all shards and members that frames need, made once a poll: many frames are drawn between two polls,
/// and must not go over all of a large cluster each time.
struct ClusterDigest: Equatable, Sendable {
    /// All members, in the order of the screen.
    let members: [Member]
    let ids: Set<MemberID>
    /// The shards and members that the filter lets through; a shard without any such member is left out.
    let groups: [ShardGroup]
    /// The sizes of ``groups``: a frame asks several times which form of them fits.
    let sizes: [PanelSize]
    /// The filter that decides which members are shown.
    let filter: NodeFilter
    /// Members that are shown and not well.
    let troubled: [Member]
    /// Rows of ``groups`` under one another, a heading for each.
    let listedRows: Int

    let nodesUp: Int
    /// The keys of all shards; nil if any shard does not tell.
    let keys: Int?
    let isWhole: Bool

    /// The most columns that a node's address takes; the next ones are for a condition in words, a shard's id, and a
    /// count of keys of a shard or of one member.
    let addressColumns: Int
    let conditionColumns: Int
    let shardColumns: Int
    let keysColumns: Int
    /// The most members that a shard has.
    let membersMax: Int
    let hasTraffic: Bool
    /// Operations a second of the busiest member.
    let busiest: Double

    init(_ overview: Cluster, filter: NodeFilter, conditions: ConditionWords) {
        members = overview.members
        ids = Set(members.map(\.id))
        var groups = overview.shards.map { ShardGroup(shard: $0, members: $0.members) }
        if !overview.others.isEmpty { groups.append(ShardGroup(shard: nil, members: overview.others)) }
        if !filter.isEmpty {
            for index in groups.indices {
                let all = groups[index].members.count
                groups[index].members.removeAll { !filter.lets($0, conditions) }
                groups[index].hidden = all - groups[index].members.count
            }
            groups.removeAll { $0.members.isEmpty }
        }
        self.groups = groups
        sizes = groups.map(\.size)
        self.filter = filter
        troubled = groups.flatMap { $0.members.filter { !$0.condition.isGood } }
        listedRows = groups.reduce(0) { $0 + 1 + $1.members.count }
        nodesUp = members.count { !$0.condition.isBad }
        keys = overview.keys
        isWhole = overview.troubles.isEmpty && members.allSatisfy(\.condition.isGood)
        addressColumns = members.lazy.map { $0.id.description.columns }.max() ?? 0
        conditionColumns = members.lazy.map { conditions.words(of: $0).columns }.max() ?? 2
        shardColumns = overview.shards.lazy.map { $0.id.description.columns }.max() ?? 1
        let most = max(
            overview.shards.lazy.compactMap { $0.keys }.max() ?? 0, members.lazy.compactMap { $0.keys }.max() ?? 0)
        keysColumns = Figures.count(most).columns
        membersMax = groups.lazy.map { $0.members.count }.max() ?? 1
        hasTraffic = overview.shards.contains { $0.writesPerSecond >= 1 }
        busiest = members.lazy.compactMap { $0.allOperationsPerSecond }.max() ?? 0
    }

    /// The share of all keys that a shard holds, and how far that is from even, both as fractions.
    func share(of shard: Shard, among shardCount: Int) -> (share: Double, deviation: Double)? {
        guard let keys, keys > 0, let own = shard.keys else { return nil }
        let share = Double(own) / Double(keys)
        return (share, share * Double(shardCount) - 1)
    }
}
