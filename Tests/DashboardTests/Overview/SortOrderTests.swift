import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import Testing

@testable import Dashboard

@Suite struct SortOrderTests {
    private func snapshot() -> ClusterSnapshot {
        Fixture.snapshot(
            layout: [[1, 2], [3, 4], [5, 6]], keys: [40, 70, 10],
            twists: [4: .init(isReachable: false, health: .down), 6: .init(state: .catchingUp)])
    }

    @Test func healthPutsTheWorstFirstOfShardsAndOfMembers() {
        var overview = Cluster(snapshot())
        overview.sort(by: .health)
        #expect(overview.shards.map(\.id) == [1, 2, 0])
        #expect(overview.members.map(\.address) == [4, 3, 6, 5, 1, 2].map(Fixture.node))
    }

    @Test func keysPutTheLargestFirstAndEqualsStayAsTheyWere() {
        var overview = Cluster(snapshot())
        overview.sort(by: .keys)
        #expect(overview.shards.map(\.id) == [1, 0, 2])
        #expect(overview.shards[1].members.map(\.address) == [1, 2].map(Fixture.node))
    }

    @Test func sGoesRoundTheOrdersAndTheSelectionStaysWithItsNode() {
        var model = Fixture.model(snapshot(), keys: [.down, .down, .down])
        #expect(model.selected?.address == Fixture.node(4))
        for order in SortOrder.allCases.dropFirst() + [.address] {
            _ = model.reduce(.key(.character("s")))
            #expect(model.sortOrder == order)
            #expect(model.selected?.address == Fixture.node(4))
            _ = model.reduce(.snapshot(snapshot(), .full))
            #expect(model.selected?.address == Fixture.node(4))
        }
        #expect(model.overview.members == Cluster(snapshot()).members)
    }
}
