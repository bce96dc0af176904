import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI

@testable import Dashboard

/// Hand-made snapshots of clusters in every state that the screen knows.
enum Fixture {
    static let start: UInt64 = 1_700_000_000_000

    static func node(_ number: Int) -> NodeAddress { NodeAddress("10.0.0.\(number):8081")! }

    /// What makes one node differ from a healthy one.
    struct Twist {
        var isReachable = true
        var health = Health.up
        var state = ServingState.serving
        var epoch: UInt64?
        var keys: Int?
    }

    /// - Parameter layout: the numbers of each shard's nodes.
    static func snapshot(
        layout: [[Int]], keys: [Int], twists: [Int: Twist] = [:], reshard: ReshardProgress? = nil, epoch: UInt64 = 1,
        joiners: [Int] = [], operations: Double = 0, at milliseconds: UInt64 = start
    ) -> ClusterSnapshot {
        let numbers = layout.joined() + joiners
        let shards = layout.map { $0.map(node) }
        let peers = numbers.sorted().map { number in
            ReplicaStatus.Peer(
                address: node(number), health: twists[number]?.health ?? .up,
                shard: layout.firstIndex { $0.contains(number) }, lagWrites: 0)
        }
        let nodes = numbers.map { number -> ClusterSnapshot.Node in
            let twist = twists[number] ?? Twist()
            let shard = layout.firstIndex { $0.contains(number) }
            let replica = ReplicaStatus(
                address: node(number), incarnation: 1,
                state: shard == nil && twist.state == .serving ? .joiner : twist.state, shard: shard,
                epoch: twist.epoch ?? epoch, seed: 8, placement: .hashed, shards: shards, peers: peers,
                keys: twist.keys ?? shard.map { keys[$0] } ?? 0, tombstones: 12, bytes: 1_234_567, heldWrites: 0,
                waitingRequests: 0, handOnEntries: 0)
            var traffic = Traffic()
            traffic.readsPerSecond = operations * 2
            traffic.writesPerSecond = operations
            traffic.latencyMicrosecondsP50 = 95
            traffic.latencyMicrosecondsP99 = 1_240
            let state = NodeState(
                version: "0.1.0", replica: replica, traffic: traffic,
                process: ProcessState(
                    id: 4_242, uptimeMilliseconds: 1_000, residentBytes: 30_000_000, cpuMicroseconds: 1, cpuShare: 0.031
                ),
                reshard: nil, lastEvent: 0)
            return ClusterSnapshot.Node(
                address: node(number), answer: .full(state), isReachable: twist.isReachable,
                problem: twist.isReachable ? nil : "connection refused",
                answeredMilliseconds: twist.isReachable ? milliseconds : milliseconds - 7_000, pollMicroseconds: 1_700)
        }
        return ClusterSnapshot(
            takenMilliseconds: milliseconds, nodes: nodes.sorted { $0.address < $1.address }, reshard: reshard)
    }

    static let two = [[1, 2, 3], [4, 5, 6]]
    static let three = [[1, 4], [2, 3], [5, 6]]

    static func model(
        _ snapshot: ClusterSnapshot?, capabilities: ClusterCapabilities = .full, keys: [KeyEvent] = []
    ) -> DashboardModel {
        var model = DashboardModel(name: "demo")
        _ = model.reduce(.tick(milliseconds: start))
        if let snapshot { _ = model.reduce(.snapshot(snapshot, capabilities)) }
        for key in keys { _ = model.reduce(.key(key)) }
        return model
    }

    /// From 50 to 49 shards, in the broadcast.
    static func largeReshard() -> ReshardProgress {
        var progress = reshard(.broadcast)
        progress.fromShardCount = 50
        progress.toShardCount = 49
        progress.parts = (1...100).map { number in
            var part = ReshardProgress.Part(
                node: node(number), fromShard: (number - 1) / 2, toShard: number * 7 % 49)
            part.planned = 20_000
            part.sent = 9_000
            part.confirmed = 8_000 - number * 30
            part.state = .staging
            return part
        }
        return progress
    }

    /// A reshard from 2 to 3 shards of 10,000 keys, in the phase wanted.
    static func reshard(_ phase: ReshardProgress.Phase) -> ReshardProgress {
        var progress = ReshardProgress(
            operation: "2.1@10.0.0.1:8081", kind: .reshard, coordinator: node(1), fromEpoch: 1, toEpoch: 2,
            fromShardCount: 2, toShardCount: 3, phase: phase, startedMilliseconds: start - 6_400)
        progress.lastProgressMilliseconds = start
        let order: [ReshardProgress.Phase] = [.check, .collate, .rebalance, .broadcast, .freeze]
        let reached = order.firstIndex(of: phase) ?? order.count
        for (index, each) in order.enumerated() where index <= reached {
            progress.timings.append(
                .init(
                    phase: each, startMicroseconds: UInt64(index) * 1_500_000,
                    durationMicroseconds: index < reached
                        ? UInt64([3_700, 1_480_000, 2_130_000, 2_700_000, 14_200][index]) : nil))
        }
        let isCollated = reached > 1
        progress.collated = [
            .init(shard: 0, source: node(1), keys: isCollated ? 5_013 : 3_120, bytes: 131_072, keysTotal: 5_013),
            .init(shard: 1, source: node(4), keys: isCollated ? 4_987 : 3_097, bytes: 129_000, keysTotal: 4_987),
        ]
        guard reached >= 2 else { return progress }
        progress.seedsTried = 9
        progress.seedTries =
            (0..<8).map {
                .init(seed: $0, deal: [[1, 1, 3], [0, 3, 0], [3, 1, 1]][Int($0) % 3], balanced: false)
            } + [.init(seed: 8, deal: [2, 2, 2], balanced: true)]
        progress.seed = 8
        progress.placement = .hashed
        progress.keysRebalanced = reached == 2 ? 4_310 : 10_000
        guard reached >= 3 else { return progress }
        let share = reached == 3 ? 0.4 : 1
        progress.moves = [(0, 0, 1_690), (0, 1, 1_661), (0, 2, 1_662), (1, 0, 1_702), (1, 1, 1_640), (1, 2, 1_645)]
            .map { .init(from: $0.0, to: $0.1, planned: $0.2, moved: Int(Double($0.2) * share)) }
        progress.parts = [(1, 0, 0), (2, 0, 1), (3, 0, 1), (4, 1, 0), (5, 1, 2), (6, 1, 2)].map { number, from, to in
            var part = ReshardProgress.Part(node: node(number), fromShard: from, toShard: to)
            part.planned = 1_700
            part.sent = Int(1_700 * min(1, share + 0.1))
            part.confirmed = Int(1_700 * share)
            part.state = reached == 3 ? .staging : reached == 4 ? .frozen : .switched
            return part
        }
        if reached > 4 {
            progress.isAbortable = false
            progress.writePauseMicroseconds = 11_300
            progress.finishedMilliseconds = start - 100
        }
        return progress
    }

    /// A reshard as two polls saw it, and the moment when what the second found is on its way.
    static func moving(_ phase: ReshardProgress.Phase) -> DashboardModel {
        var model = DashboardModel(name: "demo")
        for (number, share) in [0.5, 0.55, 0.6, 0.65, 0.7].enumerated() {
            var progress = reshard(phase)
            progress.lastProgressMilliseconds += UInt64(number) * 150
            for index in progress.collated.indices where phase == .collate {
                progress.collated[index].keys = Int(Double(progress.collated[index].keysTotal) * share)
            }
            if phase == .rebalance {
                progress.keysRebalanced = Int(10_000 * share)
                progress.moves = plan.moves.map {
                    .init(from: $0.from, to: $0.to, planned: Int(Double($0.planned) * share), moved: 0)
                }
            }
            for index in progress.parts.indices where phase == .broadcast {
                progress.parts[index].sent = Int(1_700 * share) + index * 7
                progress.parts[index].confirmed = Int(1_700 * (share - 0.05))
            }
            let snapshot = snapshot(
                layout: two, keys: [5_013, 4_987], reshard: progress, operations: 420,
                at: start + UInt64(number) * 150)
            _ = model.reduce(.snapshot(snapshot, .full))
        }
        _ = model.reduce(.tick(milliseconds: start + 700))
        return model
    }

    static func basic() -> ClusterSnapshot {
        let view = (1...4).map(node)
        // A node is asked for the particulars of its own shard only.
        func shards(of number: Int) -> [BasicNodeState.Shard] {
            number > 2
                ? [.init(id: 0), .init(id: 1, members: [node(3), node(4)], keys: 290)]
                : [.init(id: 0, members: [node(1), node(2)], keys: 310), .init(id: 1)]
        }
        return ClusterSnapshot(
            takenMilliseconds: start,
            nodes: (1...4).map { number in
                ClusterSnapshot.Node(
                    address: node(number),
                    answer: .basic(
                        BasicNodeState(family: .long, view: view, shard: number > 2 ? 1 : 0, shards: shards(of: number))
                    ),
                    isReachable: number != 4, problem: number == 4 ? "no answer within 1,000 ms" : nil,
                    answeredMilliseconds: start - (number == 4 ? 5_000 : 0), pollMicroseconds: 900)
            })
    }

    static let plan = ReshardPlan(
        fromShardCount: 2, toShardCount: 3, seed: 8, seedsTried: 9, seedTries: [], placement: .hashed,
        shards: three.map { $0.map(node) },
        moves: [(0, 0, 1_690), (0, 1, 1_661), (0, 2, 1_662), (1, 0, 1_702), (1, 1, 1_640), (1, 2, 1_645)].map {
            .init(from: $0.0, to: $0.1, planned: $0.2)
        })

    static let location = KeyLocation(
        key: "user:7", hash: "5bcf87e7a8eb1039b885e4eb0e06ccc5", shard: 1, epoch: 1, seed: 8,
        members: [
            .init(
                address: node(4), health: .up, answered: true,
                version: .init(
                    version: Version(
                        dot: Dot(origin: Origin(node: node(5), incarnation: 1, epoch: 1), counter: 12), timestamp: 5),
                    isTombstone: false)),
            .init(address: node(5), health: .up, answered: true, version: nil),
            .init(address: node(6), health: .down),
        ])

    static let events = [
        ClusterModel.Event(
            sequence: 1, milliseconds: start - 9_000, kind: .serving, node: node(1),
            text: "10.0.0.1:8081 serves shard 0", recordedBy: node(1)),
        ClusterModel.Event(
            sequence: 2, milliseconds: start - 5_000, kind: .nodeDown, node: node(5),
            text: "10.0.0.5:8081 is down: silent for over 2 s", recordedBy: node(1)),
        ClusterModel.Event(
            sequence: 2, milliseconds: start - 4_990, kind: .nodeDown, node: node(5),
            text: "10.0.0.5:8081 is down: silent for over 2 s", recordedBy: node(2)),
    ]
}
