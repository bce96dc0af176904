import ClusterModel
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard
@testable import ShardClient

/// Nodes of other implementations, as far as they tell.
@Suite struct BasicOverviewTests {
    private static func id(_ text: String) -> ShardID { ShardID(text: text)! }

    /// Nodes 1 to 6, three of each shard of "s10" and "s2", with so many keys.
    private static func named(_ keys: [String: Int] = ["s2": 10, "s10": 90]) -> ClusterSnapshot {
        let nodes = (1...6).map { number -> ClusterSnapshot.Node in
            let own = number > 3 ? "s10" : "s2"
            let members = (number > 3 ? 4...6 : 1...3).map { Fixture.node($0) as NodeAddress }
            let shards = ["s10", "s2"].map { name in
                BasicNodeState.Shard(
                    id: id(name), members: name == own ? members : nil, keys: name == own ? keys[name] : nil)
            }
            return .init(
                address: Fixture.node(number),
                answer: .basic(
                    BasicNodeState(family: .long, view: (1...6).map(Fixture.node), shard: id(own), shards: shards)),
                isReachable: true, answeredMilliseconds: Fixture.start)
        }
        return ClusterSnapshot(takenMilliseconds: Fixture.start, nodes: nodes)
    }

    private static func text(_ model: DashboardModel) -> String {
        Drawing(model, theme: .standard()).canvas(Size(width: 100, height: 30)).text
    }

    @Test func idsThatAreTextsAreShownAsTheyCameInTheirNaturalOrder() {
        let overview = Cluster(Self.named())
        #expect(overview.shards.map(\.id.text) == ["s2", "s10"])
        #expect(overview.shards.map(\.keys) == [10, 90])
        #expect(overview.others.isEmpty)
        let text = Self.text(Fixture.model(Self.named(), capabilities: .basic))
        #expect(text.contains("shard s2") && text.contains("shard s10"))
        #expect(text.contains("100 keys"))
    }

    @Test func aShardKeepsItsColourWhereverItIsSortedTo() {
        var model = Fixture.model(Self.named(), capabilities: .basic)
        func places() -> [Int] { ["s2", "s10"].map { model.overview.place(of: Self.id($0)) } }
        #expect(places() == [0, 1])
        model.sort(by: .keys)
        #expect(model.overview.shards.map(\.id.text) == ["s10", "s2"])
        #expect(places() == [0, 1])
    }

    @Test func aMemberIsAddedUnderTheIdThatTheNodesWrote() {
        var model = Fixture.model(Self.named(), capabilities: .basic, keys: [.character("A")])
        guard case .addMember(var dialog)? = model.overlay else {
            Issue.record("no dialog")
            return
        }
        #expect(dialog.shard == Self.id("s2"))
        dialog.address = "10.0.0.9:1"
        model.overlay = .addMember(dialog)
        _ = model.reduce(.key(.down))
        let effects = model.reduce(.key(.enter))
        #expect(effects == [.addMember(NodeAddress("10.0.0.9:1")!, shard: Self.id("s10"))])
        #expect(model.log.last?.text == "add 10.0.0.9:1 to shard s10: started")
    }

    @Test func whatANodeDoesNotSayIsNotShownAsKnown() {
        var snapshot = Self.named([:])
        for index in 3..<6 {
            var state = BasicNodeState(family: .long, view: (1...6).map { Fixture.node($0) }, shard: nil, shards: [])
            state.isUnplaced = index == 3
            snapshot.nodes[index].answer = .basic(state)
        }
        let overview = Cluster(snapshot)
        #expect(overview.keys == nil)
        #expect(overview.others.map(\.condition) == [.joiner, .shardUnknown, .shardUnknown])
        #expect(overview.shards.last?.isDown == false, "of a shard without a known member nothing is known")
        var model = Fixture.model(snapshot, capabilities: .basic)
        #expect(!Self.text(model).contains("0 keys"))
        _ = model.reduce(.key(.character("S")))
        #expect(!Self.text(model).contains("reads/s"), "these nodes tell no traffic")
    }

    @Test func aChangeThatNobodyTellsOfBlocksNothingAndIsPutAway() {
        var snapshot = Self.named()
        snapshot.inferred = InferredChange(
            id: "seen-1", fromShardCount: 3, toShardCount: 2, afterMilliseconds: Fixture.start - 2_000,
            sinceMilliseconds: Fixture.start - 1_000)
        var model = Fixture.model(snapshot, capabilities: .basic)
        #expect(Self.text(model).contains("reshard 3 to 2 shards"))
        #expect(Self.text(model).contains("inferred"))
        #expect(!model.isMigrating)
        _ = model.reduce(.key(.character("r")))
        guard case .reshard? = model.overlay else {
            Issue.record("no dialog: \(model.log)")
            return
        }
        _ = model.reduce(.key(.escape))
        _ = model.reduce(.key(.escape))
        #expect(!Self.text(model).contains("reshard 3 to 2 shards"))
    }
}
