import ClusterModel
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard
@testable import ShardClient

/// Who is cut off, by the word of all who answer.
@Suite struct HearingTests {
    private func cutOff(_ snapshot: ClusterSnapshot) -> [NodeAddress] {
        Cluster(snapshot).cutOff.sorted().compactMap { NodeAddress($0) }
    }

    @Test func whoeverIsAloneIsTheOneCutOff() {
        #expect(cutOff(Fixture.cutOff(3)) == [Fixture.node(3)])
        #expect(cutOff(Fixture.split([[2, 5]])) == [Fixture.node(2), Fixture.node(5)])
        #expect(cutOff(Fixture.snapshot(layout: Fixture.two, keys: [5, 4])).isEmpty)
    }

    @Test func twoDeafNodesAreApartFromOneAnotherToo() {
        #expect(cutOff(Fixture.split([[2], [5]])) == [Fixture.node(2), Fixture.node(5)])
        #expect(Cluster(Fixture.split([[2], [5]])).troubles.first?.short == "2 cut off", "four hear one another")
    }

    @Test func ofTwoHalvesNoneIsTheCluster() {
        let overview = Cluster(Fixture.split([[1, 2, 3], [4, 5, 6]]))
        #expect(overview.cutOff.count == 6)
        #expect(overview.troubles.first?.short == "split 3+3")
        #expect(overview.troubles.first?.long == "split: 3 and 3 nodes that do not hear one another")
        #expect(overview.keys == 10_000, "what they hold is known")
        #expect(Cluster(Fixture.split([[1], [2]], layout: [[1, 2]], keys: [7])).troubles.first?.short == "split 1+1")
    }

    /// One that its peers hear, and that hears them not, is no part of what they do either.
    @Test func aLinkThatFailsOneWayCounts() throws {
        var snapshot = Fixture.snapshot(layout: Fixture.two, keys: [5, 4])
        guard case .full(var state)? = snapshot.nodes[0].answer else { return #expect(Bool(false)) }
        for index in state.replica.peers.indices { state.replica.peers[index].health = .down }
        snapshot.nodes[0].answer = .full(state)
        #expect(cutOff(snapshot) == [Fixture.node(1)])
    }

    /// Through a third they still hear one another.
    @Test func oneLinkThatFailsCutsNobodyOff() {
        var snapshot = Fixture.snapshot(layout: Fixture.two, keys: [5, 4])
        guard case .full(var state)? = snapshot.nodes[0].answer else { return #expect(Bool(false)) }
        state.replica.peers[3].health = .down
        snapshot.nodes[0].answer = .full(state)
        #expect(cutOff(snapshot).isEmpty)
    }

    @Test func whoIsDownOrStartsIsNotCutOff() {
        let snapshot = Fixture.snapshot(
            layout: Fixture.two, keys: [5, 4],
            twists: [2: .init(health: .down, state: .starting), 5: .init(isReachable: false, health: .down)])
        #expect(cutOff(snapshot).isEmpty)
        #expect(Cluster(snapshot).troubles.isEmpty)
    }

    @Test(arguments: [40, 60, 80, 120, 200])
    func theHeaderAndTheEventsSayTheSame(width: Int) {
        var model = GoldenScreens.calm()
        _ = model.reduce(.events(Fixture.cutOffEvents(3)))
        _ = model.reduce(.snapshot(Fixture.cutOff(3), .full))
        let canvas = Drawing(model, theme: .named(.dark)).canvas(Size(width: width, height: 40))
        #expect(canvas.line(0).contains("10.0.0.3:8081 is cut off"))
        #expect(!canvas.line(0).contains("● ok"), "well it is not")
        let said = model.eventLines.map(\.text)
        #expect(said.contains("10.0.0.3:8081 is down: silent for over 2 s, say 5 of 6"))
        #expect(said.contains { $0.hasPrefix("10.0.0.3:8081 no longer hears 5 other nodes: 10.0.0.1:8081, ") })
        #expect(said.contains("10.0.0.3:8081 is cut off: its peers do not hear it, it answers us"))
        #expect(said.count == 3, "five say that it is down, and it says so of five: \(said)")
        _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.two, keys: [5_013, 4_987]), .full))
        #expect(model.eventLines.last?.text == "10.0.0.3:8081 is heard by the others again")
    }
}
