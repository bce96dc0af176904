import ClusterModel
import Testing

@Suite struct PlanTests {
    private let plan: Plan = {
        var plan = Plan(
            name: "reshard", fromShardCount: 2, toShardCount: 3,
            shards: [
                .init(id: 0, members: ["a:1", "b:1"], keys: 10, slots: 8_192),
                .init(id: 1, members: ["c:1"], keys: 10, slots: 8_192),
            ],
            pairs: [Change.Pair(from: 0, to: 1, planned: 100)], unit: "slot")
        plan.steps = ["a:1 is met"]
        return plan
    }()

    @Test func `keys that come and go, and warnings, make no other plan`() {
        var other = plan
        other.shards[0].keys = 99
        other.shards[0].members.reverse()
        other.warnings = ["memory is short"]
        other.pairs[0].note = "about 182.4 KiB"
        #expect(plan.doesTheSame(as: other))
        var (keys, moreKeys) = (plan, plan)
        (keys.unit, moreKeys.unit) = ("key", "key")
        moreKeys.pairs[0].planned += 5
        #expect(keys.doesTheSame(as: moreKeys))
    }

    @Test func `what is dealt by keys may give other slots, and no other shards`() {
        var other = plan
        other.shards[0].slots = 8_000
        other.pairs[0].planned = 99
        #expect(!plan.doesTheSame(as: other) && plan.doesTheSame(as: other, isDealtByKeys: true))
        other.shards[0].members = ["z:1"]
        #expect(!plan.doesTheSame(as: other, isDealtByKeys: true))
    }

    @Test func `other shards, members, slots or steps make another plan`() {
        let changes: [(inout Plan) -> Void] = [
            { $0.name = "rebalance" }, { $0.fromShardCount = 3 }, { $0.toShardCount = 4 },
            { $0.shards[1].members = ["d:1"] }, { $0.shards[1].slots = 1 }, { $0.shards[1].id = 7 },
            { $0.shards.removeLast() }, { $0.steps = [] }, { $0.pairs[0].planned = 101 }, { $0.pairs[0].to = 2 },
        ]
        for change in changes {
            var other = plan
            change(&other)
            #expect(!plan.doesTheSame(as: other), "\(other)")
        }
    }
}
