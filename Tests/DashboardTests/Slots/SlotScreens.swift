import ClusterModel
import TerminalUI

@testable import Dashboard

/// Clusters with slots, primaries and replicas, as they are when something happens to them.
enum SlotScreens {
    private static let a = ShardID(text: "45bc")!
    private static let b = ShardID(text: "2f45")!
    private static let c = ShardID(text: "e01a")!

    private static func member(_ port: Int, _ shard: ShardID?, _ role: Member.Role, keys: Int) -> Member {
        var member = Member(id: MemberID("127.0.0.1:\(port)"), shard: shard, condition: .init(.good, "up"))
        member.role = role
        member.keys = keys
        member.operationsPerSecond = role == .primary ? 1_240 : 310
        member.memoryBytes = 18_400_000
        member.memoryBytesMax = 268_435_456
        (member.isPolled, member.hasAnswered, member.isReachable) = (true, true, true)
        member.answeredMilliseconds = Fixture.start
        member.pollMicroseconds = 900
        member.details = [Fact("version", "Valkey 9.1.2"), Fact("link", "down for 12 s", level: .warning)]
        return member
    }

    static func cluster(moving: Bool = false) -> Cluster {
        var cluster = Cluster(takenMilliseconds: Fixture.start)
        cluster.engine = .init(name: "Valkey", version: "9.1.2")
        let sides: [(ShardID, Int, Int, Int)] = [
            (a, 7_001, 33_410, 5_461), (b, 7_002, 33_290, 5_462), (c, 7_003, 33_300, 5_461),
        ]
        cluster.shards = sides.map { id, port, keys, slots in
            var shard = Shard(
                id: id, members: [member(port, id, .primary, keys: keys), member(port + 3, id, .replica, keys: keys)],
                keys: keys)
            shard.slots = slots
            return shard
        }
        cluster.others = [member(7_007, nil, .primary, keys: 0)]
        cluster.facts = [
            Fact("epoch", "7", weight: 6), Fact("memory", "55.2 MB of 805 MB", weight: 5, isRestless: true),
        ]
        cluster.slots = SlotMap(
            count: 16_384,
            runs: [
                .init(0, 1_200, shard: a, target: moving ? c : nil), .init(1_201, 5_460, shard: a),
                .init(5_461, 10_922, shard: b), .init(10_923, 16_383, shard: c),
            ])
        return cluster
    }

    private static func change(isOurs: Bool = true) -> Change {
        var migrate = Stage("migrate", words: "Slots and their keys go to their new owners.", picture: .pairs)
        (migrate.startMicroseconds, migrate.work) = (300_000, .init(done: 2_140, total: 8_350, unit: "key"))
        var check = Stage("check", words: "Asking every node what it has.")
        (check.startMicroseconds, check.durationMicroseconds) = (0, 280_000)
        var plan = Stage("plan")
        (plan.startMicroseconds, plan.durationMicroseconds) = (280_000, 20_000)
        var change = Change(
            id: "1", name: isOurs ? "reshard" : "migration", stages: [check, plan, migrate, Stage("verify")], stage: 2,
            startedMilliseconds: Fixture.start - 2_400)
        change.lastProgressMilliseconds = Fixture.start
        change.isOurs = isOurs
        if isOurs { (change.fromShardCount, change.toShardCount) = (3, 4) } else { change.by = "somebody else" }
        change.isAbortable = isOurs
        change.safety = isOurs ? "What has moved stays moved; abort is safe" : "It is not ours to end"
        change.safetyShort = isOurs ? "abort is safe" : "not ours to end"
        change.pairs = [
            .init(from: a, to: c, planned: 4_180, done: 1_400, bytes: 812_000),
            .init(from: b, to: c, planned: 4_170, done: 740, bytes: 402_000),
        ]
        change.paceMax = isOurs ? 5_000 : nil
        return change
    }

    private static func model(_ clusters: [Cluster]) -> DashboardModel {
        var model = DashboardModel(name: "127.0.0.1:7001")
        _ = model.reduce(.tick(milliseconds: Fixture.start))
        for (place, cluster) in clusters.enumerated() {
            var cluster = cluster
            cluster.takenMilliseconds = Fixture.start + UInt64(place) * 150
            _ = model.reduce(.snapshot(cluster, .none))
        }
        return model
    }

    static let all: [String: DashboardModel] = {
        var screens = ["slots": model([cluster()])]
        var before = cluster(moving: true)
        before.change = change()
        before.change?.pairs[0].done = 900
        var moving = cluster(moving: true)
        moving.change = change()
        screens["slots-moving"] = model([before, moving])
        var foreign = cluster(moving: true)
        foreign.change = change(isOurs: false)
        screens["slots-foreign"] = model([foreign])
        var done = cluster()
        done.change = change()
        done.change?.outcome = .init(.done)
        done.change?.stage = 3
        done.change?.finishedMilliseconds = Fixture.start - 100
        done.change?.agreement = "are well"
        done.change?.findings = [
            .init("all 16,384 slots have one owner", .good), .init("no slot is open", .good),
            .init("keys before and after were not compared: clients wrote meanwhile", .missing),
        ]
        screens["slots-report"] = model([moving, done])
        var troubled = cluster()
        troubled.shards[1].members[0].condition = .init(.bad, "fail")
        troubled.shards[1].members[0].isReachable = false
        troubled.shards[1].members[0].problem = "connection refused"
        troubled.shards[1].members[1].role = .primary
        troubled.shards[2].members[1].condition = .init(.warning, "link down")
        troubled.shards[2].members[1].lag = .init(3_400_000, .bytes, seconds: 12)
        troubled.shards[2].note = "no replica in step"
        troubled.troubles = [
            Trouble(
                short: "slots 12, 14 open", long: "2 slots are open, 12 and 14: repair finishes their move",
                level: .warning)
        ]
        troubled.slots?.runs[0] = .init(0, 1_200, shard: nil)
        var failed = model([cluster(), troubled])
        _ = failed.reduce(
            .events([
                ClusterModel.Event(
                    milliseconds: Fixture.start, kind: .failover, node: "127.0.0.1:7005",
                    text: "127.0.0.1:7005 took over shard 2f45 from 127.0.0.1:7002")
            ]))
        screens["slots-troubles"] = failed
        screens["slots-nodes"] = failed
        _ = screens["slots-nodes"]?.reduce(.key(.character("N")))
        screens["slots-health"] = failed
        _ = screens["slots-health"]?.reduce(.key(.character("H")))
        return screens
    }()
}
