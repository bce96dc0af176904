import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI
import Testing

@testable import Dashboard

/// Keys that a demo alone has.
@Suite struct DemoKeysTests {
    private func model(_ capabilities: ClusterCapabilities = .full, reshard: ReshardProgress? = nil) -> DashboardModel {
        Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [50, 50], reshard: reshard, joiners: [7]),
            capabilities: capabilities)
    }

    @Test(arguments: ["x", "X", "p", "n", "L"] as [Character])
    func demoKeysDoNothingToAClusterOfOthers(key: Character) {
        var model = model()
        let before = model
        #expect(model.reduce(.key(.character(key))) == [])
        #expect(model == before)
    }

    @Test func demoKeysInjureTheChosenNode() {
        var model = model()
        _ = model.reduce(.demo(DemoState()))
        _ = model.reduce(.key(.down))
        let node: MemberID = Fixture.node(2)
        #expect(model.reduce(.key(.character("x"))) == [.kill(node)])
        #expect(model.reduce(.key(.character("X"))) == [.restart(node)])
        #expect(model.reduce(.key(.character("p"))) == [.pause(node, isPaused: true)])
        _ = model.reduce(.demo(DemoState(paused: [node])))
        #expect(model.reduce(.key(.character("p"))) == [.pause(node, isPaused: false)])
        #expect(model.reduce(.key(.character("n"))) == [.startNode])
    }

    @Test func capitalPCutsTheChosenNodeOffAndConnectsItAgain() throws {
        var model = model()
        #expect(model.reduce(.key(.character("P"))).isEmpty)
        _ = model.reduce(.demo(DemoState()))
        let node = try #require(model.selected?.id)
        #expect(model.reduce(.key(.character("P"))) == [.isolate(node, isIsolated: true)])
        _ = model.reduce(.demo(DemoState(isolated: [node])))
        #expect(model.reduce(.key(.character("P"))) == [.isolate(node, isIsolated: false)])
    }

    @Test func aDotMakesTheNextReshardWaitAndThenStepsIt() {
        var model = model()
        #expect(model.reduce(.key(.character("."))).isEmpty)
        #expect(!model.isStepping, "only a demo has steps")
        _ = model.reduce(.demo(DemoState()))
        #expect(model.reduce(.key(.character("."))).isEmpty)
        #expect(model.isStepping)
        _ = model.reduce(.key(.character("r")))
        _ = model.reduce(.planned(shardCount: 3, Fixture.plan))
        _ = model.reduce(.key(.tab))
        #expect(model.reduce(.key(.enter)) == [.reshard(shardCount: 3, isStepped: true, seen: Fixture.plan)])

        var running = Fixture.reshard(.collate)
        running.step = .waiting
        _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.two, keys: [60, 50], reshard: running), .full))
        #expect(model.reduce(.key(.character("."))) == [.step(.next)])
        #expect(model.reduce(.key(.character(","))) == [.step(.off)])
        #expect(!model.isStepping)
        running.step = nil
        _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.two, keys: [60, 50], reshard: running), .full))
        #expect(model.reduce(.key(.character("."))) == [.step(.on)])
    }

    @Test func capitalLTurnsClientTrafficOnAndOff() {
        var model = model()
        _ = model.reduce(.demo(DemoState()))
        #expect(model.reduce(.key(.character("L"))) == [.traffic(true)])
        _ = model.reduce(.demo(DemoState(traffic: ClientTraffic(operationsPerSecond: 900))))
        #expect(model.trafficHistory.points.map(\.value) == [900])
        #expect(model.reduce(.key(.character("L"))) == [.traffic(false)])
        _ = model.reduce(.demo(DemoState()))
        #expect(model.trafficHistory.points.isEmpty)
    }

    @Test func whatThisProgramCannotAskIsItsOwnTroubleAndSaidOnce() {
        var snapshot = Fixture.snapshot(layout: Fixture.two, keys: [50, 50])
        var model = Fixture.model(snapshot)
        let up = model.overview.nodesUp
        for index in snapshot.nodes.indices.suffix(2) { snapshot.nodes[index].notAsked = "not asked: too few files" }
        for _ in 0..<3 { _ = model.reduce(.snapshot(snapshot, .full)) }
        #expect(model.overview.nodesUp == up, "what is known of the nodes stays")
        #expect(model.eventLines.filter { $0.text == "shardtop: 2 nodes not asked: too few files" }.count == 1)
    }
}
