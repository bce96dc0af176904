import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI

@testable import Dashboard

/// Clusters that a screen is easily wrong about: long names, large numbers, nodes that disagree, checks that were missed.
enum AwkwardScreens {
    static var all: [String: DashboardModel] {
        [
            "long-names": longNames, "long-names-broadcast": longNamesBroadcast, "long-names-node": longNamesNode,
            "long-names-locate": longNamesLocate, "large-seeds": largeSeeds,
            "filtered": GoldenScreens.filtered("down"), "filtered-typing": GoldenScreens.filtered("0.2", isKept: false),
            "filtered-empty": GoldenScreens.filtered("foo"), "cut-off": cutOff, "split": split,
            "not-checked": notChecked, "first-step": firstStep, "stalled-behind": stalledBehind,
        ]
    }

    static func longNames(_ snapshot: ClusterSnapshot) -> DashboardModel {
        var model = DashboardModel(name: Fixture.longName(1))
        _ = model.reduce(.tick(milliseconds: Fixture.start))
        _ = model.reduce(.snapshot(Fixture.renamed(snapshot), .full))
        return model
    }

    private static var longNames: DashboardModel {
        var model = longNames(
            Fixture.snapshot(
                layout: Fixture.two, keys: GoldenScreens.even,
                twists: [2: .init(state: .catchingUp), 5: .init(isReachable: false, health: .down)], operations: 210))
        _ = model.reduce(.events(Fixture.renamed(Fixture.events)))
        return model
    }

    private static var longNamesBroadcast: DashboardModel {
        longNames(
            Fixture.snapshot(
                layout: Fixture.two, keys: GoldenScreens.even, reshard: Fixture.reshard(.broadcast), operations: 210))
    }

    private static var longNamesNode: DashboardModel {
        var model = longNames
        _ = model.reduce(.key(.enter))
        return model
    }

    private static var longNamesLocate: DashboardModel {
        var model = longNames
        for key in [KeyEvent.character("w")] + "user:7".map({ .character($0) }) + [.enter] {
            _ = model.reduce(.key(key))
        }
        _ = model.reduce(.located(Fixture.renamed(Fixture.location)))
        return model
    }

    /// Millions of seeds were tried, and of the last ones none has as many digits as the others.
    private static var largeSeeds: DashboardModel {
        var reshard = Fixture.reshard(.rebalance)
        reshard.seedsTried = 1_999_999
        let seeds: [UInt64] = [99_999, 100_000, 123_456, 1_999_990, 18_446_744_073_709_551_615]
        reshard.seedTries = seeds.map { .init(seed: $0, deal: [12, 3, 0], balanced: false) }
        reshard.seed = nil
        reshard.keysRebalanced = 0
        return Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: [1_234_567_890, 4_987], reshard: reshard, operations: 210))
    }

    private static var cutOff: DashboardModel {
        var model = GoldenScreens.calm()
        _ = model.reduce(.events(Fixture.cutOffEvents(3)))
        _ = model.reduce(.snapshot(Fixture.cutOff(3), .full))
        return model
    }

    private static var split: DashboardModel {
        Fixture.model(Fixture.split([[1, 2, 4], [3, 5, 6]]))
    }

    /// A reshard that was over when the dashboard came.
    private static var notChecked: DashboardModel {
        Fixture.model(
            Fixture.snapshot(
                layout: Fixture.three, keys: [3_392, 3_301, 3_307], reshard: Fixture.reshard(.done), epoch: 2))
    }

    /// The first wait of a reshard in steps, before a node was asked for a key.
    private static var firstStep: DashboardModel {
        var reshard = Fixture.reshard(.collate)
        reshard.step = .waiting
        reshard.collated = [.init(shard: 0), .init(shard: 1)]
        return Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: GoldenScreens.even, reshard: reshard))
    }

    /// A coordinator whose clock is an hour behind, and that has not gone on for 4 s.
    private static var stalledBehind: DashboardModel {
        var reshard = Fixture.reshard(.broadcast)
        reshard.startedMilliseconds -= 3_600_000
        reshard.lastProgressMilliseconds -= 3_600_000
        var model = Fixture.model(
            Fixture.snapshot(layout: Fixture.two, keys: GoldenScreens.even, reshard: reshard))
        _ = model.reduce(.tick(milliseconds: Fixture.start + 4_000))
        return model
    }
}
