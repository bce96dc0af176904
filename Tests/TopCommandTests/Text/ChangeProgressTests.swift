import ClusterModel
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct ChangeProgressTests {
    private let address = NodeAddress("127.0.0.1:8081")!

    @Test func `each phase is told once, when it has ended, with its own counters`() {
        var progress = ReshardProgress(
            operation: "2.1@a", kind: .reshard, coordinator: address, fromEpoch: 1, toEpoch: 2, fromShardCount: 2,
            toShardCount: 3, phase: .collate, startedMilliseconds: 1_000)
        progress.parts = [.init(node: address, fromShard: 0, toShard: 0)]
        progress.timings = [
            .init(phase: .check, startMicroseconds: 0, durationMicroseconds: 500),
            .init(phase: .collate, startMicroseconds: 500),
        ]
        progress.collated = [.init(shard: 0, source: address, keys: 1_200, bytes: 2_048, keysTotal: 5_000)]
        var lines = ChangeProgress()
        #expect(lines.lines(for: Change(progress)) == ["  check      0.5 ms    with 1 node"])
        #expect(lines.lines(for: Change(progress)) == [])
        progress.timings[1].durationMicroseconds = 20_000
        progress.phase = .done
        progress.finishedMilliseconds = 1_021
        #expect(
            lines.lines(for: Change(progress)) == [
                "  collate    20 ms     1,200 of 5,000 keys read from 1 shard, 2.0 KiB", "  2 to 3 shards in 21 ms",
            ])
    }

    @Test func `a failure says its reason`() {
        var progress = ReshardProgress(
            operation: "2.1@a", kind: .reshard, coordinator: address, fromEpoch: 1, toEpoch: 2, fromShardCount: 2,
            toShardCount: 3, phase: .failed, startedMilliseconds: 1_000)
        progress.error = "no majority"
        var lines = ChangeProgress()
        #expect(lines.lines(for: Change(progress)) == ["  failed: no majority"])
    }

    @Test func `numbers are written for people`() {
        #expect(Words.count(1_234_567) == "1,234,567")
        #expect(Words.count(0) == "0")
        #expect(Words.bytes(1_536) == "1.5 KiB")
        #expect(Words.plural(1, "key") == "1 key")
    }
}
