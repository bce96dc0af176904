import ClusterModel
import ShardClient
import ShardCore
import TerminalUI

@testable import Dashboard

/// What an audience sees of a cluster in every state that the screen knows.
enum PresenterScreens {
    /// Those of the ordinary view that tell something else here, by their names there.
    private static let shown = [
        "asking", "nobody", "overview", "idle", "troubles", "dead", "basic", "stale", "many", "loading", "starting",
        "traffic", "check", "collate-moving", "rebalance", "rebalance-moving", "broadcast-moving", "switch", "accept",
        "stalled", "stepping", "many-broadcast", "reading-back", "read-back", "report", "not-clean", "failed",
        "aborted", "basic-change", "replay", "slots", "slots-moving", "slots-foreign", "slots-report",
        "slots-troubles", "dialog-reshard", "command",
    ]

    static let all: [String: DashboardModel] = {
        var screens = GoldenScreens.all.filter { shown.contains($0.key) }
        screens["under-traffic"] = underTraffic()
        screens["proved"] = proved
        screens = screens.mapValues(afterTheSwitch)
        screens["switched"] = GoldenScreens.all["reading-back"]
        return screens.mapValues { model in
            var model = model
            model.isPresenting = true
            return model
        }
    }()

    /// The same a little later, so that the switch is no news any more.
    static func afterTheSwitch(_ model: DashboardModel) -> DashboardModel {
        guard model.shownChange?.isDone == true else { return model }
        var model = model
        _ = model.reduce(.tick(milliseconds: model.nowMilliseconds + 2_000))
        return model
    }

    static func traffic(_ operations: Int, slowest: UInt64 = 12_400, errors: Int = 0) -> DemoState {
        DemoState(
            traffic: ClientTraffic(
                operationsPerSecond: 1_204, latencyMicrosecondsP50: 940, latencyMicrosecondsP99: 8_300,
                latencyMicrosecondsMax: slowest, errors: errors, operations: operations))
    }

    /// In the middle of the copies, with clients.
    static func underTraffic() -> DashboardModel {
        var model = GoldenScreens.calm()
        _ = model.reduce(.demo(traffic(5_000)))
        for number in 1...3 {
            var snapshot = Fixture.snapshot(
                layout: Fixture.two, keys: [5_013, 4_987], reshard: Fixture.reshard(.broadcast))
            snapshot.takenMilliseconds += UInt64(number) * 150
            _ = model.reduce(.snapshot(snapshot, .full))
            _ = model.reduce(.demo(traffic(5_000 + number * 180, slowest: number == 2 ? 33_400 : 9_000)))
        }
        return model
    }

    /// Done and looked at, with clients that went on.
    private static var proved: DashboardModel {
        var model = underTraffic()
        _ = model.reduce(
            .snapshot(
                Fixture.snapshot(
                    layout: Fixture.three, keys: [3_392, 3_301, 3_307], reshard: Fixture.reshard(.done), epoch: 2),
                .full))
        _ = model.reduce(.demo(traffic(6_000)))
        _ = model.reduce(
            .readBack(operation: Fixture.reshard(.done).operation, KeyCheck(asked: 10_000, total: 10_000)))
        return model
    }
}
