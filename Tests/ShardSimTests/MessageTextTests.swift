import ShardCore
import Testing

@testable import ShardSim

@Suite struct MessageTextTests {
    @Test(arguments: [
        (Refusal.changeRunning(operation: "10.2@10.0.0.4:8090"), "Another change of the layout is running: …"),
        (.notEnoughNodes(nodes: 3, shardCount: 2), "… nodes cannot hold … shards of two or more"),
        (.noSuchShard(shard: 3, shardCount: 2), "There is no shard …; shard ids are … ..< …"),
    ])
    func refusalsOfOneKindHaveOneForm(_ refusal: Refusal, _ words: String) {
        #expect(MessageText.form(.refused(refusal)) == "refused: \(words)")
    }

    @Test func wordsWithoutNumbersStandAsTheyAre() {
        #expect(MessageText.form(.refused(.stopping)) == "refused: The node is stopping; use another one")
        #expect(MessageText.form(.addedToView) == "addedToView")
    }
}
