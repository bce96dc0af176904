import ClusterModel
import ShardWire

/// The paths of the basic operations in either family of names.
struct Endpoints: Sendable {
    let family: NameFamily

    private var isLong: Bool { family == .long }
    private var shardRoot: String { isLong ? "/key-value-store-shard" : "/shard" }

    func key(_ key: String) -> String { (isLong ? "/key-value-store/" : "/kvs/") + KeyPath.encode(key) }
    var view: String { isLong ? "/key-value-store-view" : "/view" }
    var shardIDs: String { shardRoot + (isLong ? "/shard-ids" : "/ids") }
    var nodeShardID: String { shardRoot + "/node-shard-id" }
    func members(_ shard: ShardID) -> String {
        shardRoot + (isLong ? "/shard-id-members/" : "/members/") + segment(shard)
    }
    func keyCount(_ shard: ShardID) -> String {
        shardRoot + (isLong ? "/shard-id-key-count/" : "/key-count/") + segment(shard)
    }
    func addMember(_ shard: ShardID) -> String { shardRoot + "/add-member/" + segment(shard) }
    var reshard: String { shardRoot + "/reshard" }

    private func segment(_ shard: ShardID) -> String { KeyPath.encode(shard.text) }

    var nodeShardIDField: String { isLong ? "shard-id" : "node-shard-id" }
    var membersField: String { isLong ? "shard-id-members" : "shard-members" }
    var keyCountField: String { isLong ? "shard-id-key-count" : "shard-key-count" }
}
