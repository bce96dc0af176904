import ClusterModel

/// The keys or slots that leave each shard for others, and that come to it from them: summed once a poll over all
/// pairs, of which a large cluster has thousands, and not in every frame for every shard.
struct ShardMoves: Equatable, Sendable {
    struct Sum: Equatable, Sendable {
        var moved = 0
        var planned = 0

        fileprivate mutating func add(_ pair: Change.Pair) {
            moved += pair.done
            planned += pair.planned
        }
    }

    private var out: [ShardID: Sum] = [:]
    private var into: [ShardID: Sum] = [:]

    init(_ change: Change? = nil) {
        for pair in change?.pairs ?? [] where pair.planned > 0 && pair.from != pair.to {
            out[pair.from, default: Sum()].add(pair)
            into[pair.to, default: Sum()].add(pair)
        }
    }

    func out(of shard: ShardID) -> Sum { out[shard] ?? Sum() }
    func into(_ shard: ShardID) -> Sum { into[shard] ?? Sum() }
}
