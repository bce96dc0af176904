import ClusterModel
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Testing

@Suite struct ClusterSnapshotTests {
    @Test func `what an older recording inferred is read as inferred, and names nobody`() throws {
        var progress = ReshardProgress(
            operation: "inferred-1", kind: .reshard, coordinator: NodeAddress("10.0.0.1:1")!, fromEpoch: 0, toEpoch: 0,
            fromShardCount: 2, toShardCount: 3, phase: .done, startedMilliseconds: 1_000)
        progress.finishedMilliseconds = 2_000
        let told = String(decoding: try JSONEncoder().encode(progress), as: UTF8.self)
        let old = #"{"takenMilliseconds":3000,"nodes":[],"isReshardInferred":true,"reshard":\#(told)}"#
        let snapshot = try JSONDecoder().decode(ClusterSnapshot.self, from: Data(old.utf8))
        #expect(snapshot.reshard == nil)
        let change = try #require(snapshot.inferred)
        #expect(change.title == "2 to 3 shards" && change.state == .done && change.asked == nil)
    }

    @Test func `a snapshot comes back as it went`() throws {
        var state = BasicNodeState(
            family: .long, view: [], shard: ShardID(text: "s0"),
            shards: [.init(id: ShardID(text: "s0")!, keys: 3), .init(id: 4)])
        state.listsShards = true
        var snapshot = ClusterSnapshot(
            takenMilliseconds: 1, nodes: [.init(address: NodeAddress("10.0.0.1:1")!, answer: .basic(state))])
        snapshot.inferred = InferredChange(id: "a", fromShardCount: nil, toShardCount: 2, sinceMilliseconds: 1)
        let back = try JSONDecoder().decode(ClusterSnapshot.self, from: JSONEncoder().encode(snapshot))
        #expect(back == snapshot)
        guard case .basic(let told)? = back.nodes[0].answer else {
            Issue.record("no answer")
            return
        }
        #expect(told.shards.map(\.id.isNumber) == [false, true])
    }
}
