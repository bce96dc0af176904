import ClusterModel
import ShardClient
import ShardCore

@testable import Dashboard

/// Fixtures are what shardnodes say, as a source translates it.
extension Dashboard.Action {
    static func snapshot(_ snapshot: ClusterSnapshot, _ capabilities: ClusterCapabilities) -> Self {
        .snapshot(Cluster(snapshot), Features(capabilities))
    }

    static func planned(shardCount: Int, _ plan: ReshardPlan) -> Self {
        .planned(.shardCount(shardCount), Plan(plan))
    }

    static func planFailed(shardCount: Int, _ problem: String) -> Self {
        .planFailed(.shardCount(shardCount), problem)
    }

    static func located(_ location: KeyLocation, under change: ReshardProgress? = nil) -> Self {
        .located(KeyPlace(location, under: change))
    }
}

extension Features {
    static let full = Features(ClusterCapabilities.full)
    static let basic = Features(ClusterCapabilities.basic)
}

extension Dashboard.Effect {
    static func plan(shardCount: Int) -> Self { .plan(.shardCount(shardCount)) }

    static func reshard(shardCount: Int, isStepped: Bool = false, seen plan: ReshardPlan? = nil) -> Self {
        .perform(.shardCount(shardCount, isStepped: isStepped), seen: plan.map(Plan.init))
    }

    static func addMember(_ node: NodeAddress, shard: ShardID) -> Self {
        .perform(.addMember(MemberID(node), shard: shard))
    }
}

extension Fixture {
    @_disfavoredOverload
    static func node(_ number: Int) -> MemberID { MemberID("10.0.0.\(number):8081") }
}

extension Member {
    var address: NodeAddress { NodeAddress(id)! }
}

extension Flow {
    mutating func add(_ progress: ReshardProgress, keys: Int?, atMilliseconds now: UInt64) {
        add(Change(progress), keys: keys, atMilliseconds: now)
    }
}

extension ClusterModel.Event {
    init(
        sequence: UInt64, milliseconds: UInt64, kind: Kind, node: NodeAddress?, text: String, recordedBy: NodeAddress
    ) {
        self.init(
            milliseconds: milliseconds, kind: kind, node: node.map { MemberID($0) }, text: text,
            recordedBy: MemberID(recordedBy), sequence: sequence)
    }
}
