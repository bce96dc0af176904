import ClusterModel
import Dashboard
import ShardClient
import ShardCore
import ShardWire
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct StatusTextTests {
    private let one = NodeAddress("127.0.0.1:8081")!
    private let two = NodeAddress("127.0.0.1:8082")!

    private func basic(_ shards: [BasicNodeState.Shard], shard: ShardID? = nil) -> Cluster {
        Cluster(
            ClusterSnapshot(
                takenMilliseconds: 1,
                nodes: [
                    .init(
                        address: one,
                        answer: .basic(BasicNodeState(family: .long, view: [one, two], shard: shard, shards: shards)),
                        isReachable: true),
                    .init(address: two, problem: "connection refused"),
                ]))
    }

    @Test func `where nobody answers nothing is known`() {
        let nobody = Cluster(
            ClusterSnapshot(takenMilliseconds: 1, nodes: [.init(address: one, problem: "connection refused")]))
        #expect(
            StatusText.lines(nobody) == [
                "0 of 1 node up, ? shards, ? keys", "of which nothing is known:",
                "  127.0.0.1:8081  down: connection refused",
            ])
    }

    private let refusal = "answered 401 'This wants a token of role read'; a token is given by --token-file"

    @Test func `nodes that refuse are up, and the reason that they have alike is told once`() {
        let closed = Cluster(
            ClusterSnapshot(
                takenMilliseconds: 1,
                nodes: [one, two].map { .init(address: $0, problem: refusal, isRefusing: true) }))
        let verdict = Verdict(closed)
        #expect(
            StatusText.lines(unseen: closed, verdict) == [
                "2 of 2 nodes up, ? shards, ? keys", "of which nothing is known:",
                "  127.0.0.1:8081  up, and refuses: \(refusal)", "  127.0.0.1:8082  up, and refuses: the same",
            ])
        #expect(!verdict.words.contains("down") && verdict.worst?.advice == refusal)
    }

    @Test func `nodes that nobody answers at are down, and that is said first`() {
        let nobody = Cluster(
            ClusterSnapshot(takenMilliseconds: 1, nodes: [.init(address: one, problem: "connection refused")]))
        let lines = StatusText.lines(unseen: nobody, Verdict(nobody))
        #expect(lines.first == "down: no node answers")
        #expect(lines.filter { $0.contains("connection refused") }.count == 1)
    }

    @Test func `a trouble is told whole once, and by its short name beside the figures`() {
        var cluster = basic([.init(id: 0, members: [one], keys: 1)], shard: 0)
        cluster.troubles = [
            Trouble(short: "3 nodes on old keys", long: "the file 'x' cannot be read", advice: "mend it")
        ]
        let verdict = Verdict([.init(.degraded, "the file 'x' cannot be read", advice: "mend it")])
        let lines = StatusText.lines(of: verdict) + StatusText.lines(cluster)
        #expect(lines.prefix(2) == ["degraded: the file 'x' cannot be read", "  mend it"])
        #expect(lines.filter { $0.contains("'x'") }.count == 1)
        #expect(lines[2].hasSuffix("3 nodes on old keys"))
    }

    @Test func `nodes that tell little leave the rest unknown`() {
        #expect(StatusText.lines(basic([])).first == "1 of 2 nodes up, ? shards, ? keys")
        let lines = StatusText.lines(basic([.init(id: 0, members: [one], keys: 1), .init(id: 1)], shard: 0))
        #expect(lines.first == "1 of 2 nodes up, 2 shards, ? keys")
        #expect(lines.contains("shard 0: 1 key") && lines.contains("shard 1: ? keys"))
        #expect(lines.contains("of which nothing is known:") && !lines.contains("in no shard:"))
    }

    @Test func `a joiner alone is in no shard, and that is known`() {
        let replica = ReplicaStatus(
            address: one, incarnation: 1, state: .joiner, shard: nil, epoch: 0, seed: 0, placement: .hashed, shards: [],
            peers: [], keys: 0, tombstones: 0, bytes: 0, heldWrites: 0, waitingRequests: 0, handOnEntries: 0)
        let state = NodeState(
            version: "0.1.0", replica: replica, traffic: Traffic(),
            process: ProcessState(id: 1, uptimeMilliseconds: 1, residentBytes: 1, cpuMicroseconds: 1, cpuShare: 0),
            reshard: nil, lastEvent: 0)
        let snapshot = Cluster(
            ClusterSnapshot(
                takenMilliseconds: 1, nodes: [.init(address: one, answer: .full(state), isReachable: true)]))
        #expect(StatusText.lines(snapshot).first?.hasPrefix("1 of 1 node up, 0 shards, 0 keys") == true)
        #expect(StatusText.lines(snapshot).contains("in no shard:"))
    }

    @Test func `a plan of one shard after many tries is told in words`() {
        let plan = ReshardPlan(
            fromShardCount: 2, toShardCount: 1, seed: 20, seedsTried: 21, seedTries: [], placement: .hashed,
            shards: [[one, two]], moves: [.init(from: 1, to: 0, planned: 1)])
        #expect(PlanText.lines(Plan(plan)).first?.contains("2 to 1 shard: seed 20 after 21 tries") == true)
    }
}
