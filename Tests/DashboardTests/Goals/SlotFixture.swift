import ClusterModel
import TerminalUI

@testable import Dashboard

/// A cluster whose slots are dealt out: three primaries, each with a replica, and two nodes more.
enum SlotFixture {
    static let start: UInt64 = 1_700_000_000_000

    static func node(_ number: Int) -> MemberID { MemberID("10.0.0.\(number):7001") }

    static func cluster(change: Change? = nil) -> Cluster {
        var cluster = Cluster(takenMilliseconds: start)
        cluster.engine = .init(name: "Valkey", version: "9.1.2")
        let ends = [0, 5_461, 10_923, 16_384]
        cluster.shards = (0..<3).map { index in
            let id = ShardID(index)
            let slots = ends[index + 1] - ends[index]
            var primary = member(index + 1, .primary, in: id)
            primary.slots = slots
            var replica = member(index + 4, .replica, in: id)
            replica.primary = primary.id
            var shard = Shard(id: id, members: [primary, replica], keys: 33_000 + index)
            shard.slots = slots
            return shard
        }
        cluster.others = [member(7, .primary, in: nil), member(8, .primary, in: nil)]
        cluster.slots = SlotMap(
            count: 16_384, runs: (0..<3).map { .init(ends[$0], ends[$0 + 1] - 1, shard: ShardID($0)) })
        cluster.change = change
        cluster.notePlaces()
        return cluster
    }

    private static func member(_ number: Int, _ role: Member.Role, in shard: ShardID?) -> Member {
        var member = Member(id: node(number), shard: shard, condition: .init(.good, "up"))
        member.role = role
        member.keys = shard == nil ? 0 : 33_000
        member.hasAnswered = true
        member.isReachable = true
        member.answeredMilliseconds = start
        return member
    }

    static var features: Features {
        var features = Features()
        for feature in [
            \Features.reshard, \.plan, \.abort, \.events, \.locate, \.addMember, \.rebalance, \.moveSlots,
            \.removeMember, \.failover, \.repair, \.pace,
        ] as [WritableKeyPath<Features, Features.Offer>] { features[keyPath: feature] = .offered }
        features.confirmationName = "valkey://10.0.0.1:7001"
        return features
    }

    static func model(
        _ keys: [KeyEvent] = [], change: Change? = nil, features: Features = SlotFixture.features
    ) -> DashboardModel {
        var model = DashboardModel(name: "valkey://10.0.0.1:7001")
        _ = model.reduce(.tick(milliseconds: start))
        _ = model.reduce(.snapshot(cluster(change: change), features))
        for key in keys { _ = model.reduce(.key(key)) }
        return model
    }

    /// A change that runs.
    static func running(isOurs: Bool = true) -> Change {
        var change = Change(
            id: "7", name: "rebalance", stages: [Stage("check"), Stage("plan"), Stage("migrate"), Stage("verify")],
            stage: 2, startedMilliseconds: start - 2_000)
        change.isOurs = isOurs
        change.pairUnit = "slot"
        change.pairs = [.init(from: 0, to: 2, planned: 800, done: 300)]
        return change
    }

    static var planOfRebalance: Plan {
        var plan = Plan(
            name: "rebalance",
            shards: (0..<3).map {
                .init(id: ShardID($0), members: [node($0 + 1), node($0 + 4)], slots: [5_461, 5_462, 5_461][$0])
            },
            pairs: [
                .init(from: 0, to: 0, planned: 5_461), .init(from: 0, to: 2, planned: 761),
                .init(from: 1, to: 1, planned: 5_462), .init(from: 2, to: 2, planned: 4_700),
            ], unit: "slot")
        plan.warnings = ["shard 2's primary has room for 40 MB more of 100 MB"]
        plan.unpromised = ["how many keys are in these slots, as clients write meanwhile"]
        return plan
    }

    static var planOfMove: Plan {
        Plan(
            name: "move",
            shards: (0..<3).map {
                .init(id: ShardID($0), members: [node($0 + 1), node($0 + 4)], slots: [5_361, 5_562, 5_461][$0])
            },
            pairs: [.init(from: 0, to: 1, planned: 100)], unit: "slot")
    }

    static func plan(_ name: String, _ steps: String..., warnings: [String] = []) -> Plan {
        var plan = Plan(name: name)
        plan.steps = steps
        plan.warnings = warnings
        return plan
    }
}
