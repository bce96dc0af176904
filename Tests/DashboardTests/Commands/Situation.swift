import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import TerminalUI

@testable import Dashboard

/// Dashboards in the states that decide which commands there are.
enum Situation: CaseIterable {
    case slots, calm, migrating, committed, demo, stepping, starting, replay, readOnly, nobody, asking, basic, filtered,
        table

    var model: DashboardModel {
        switch self {
        case .slots: return SlotFixture.model()
        case .calm: return of(nil)
        case .migrating: return of(Fixture.reshard(.collate))
        case .committed:
            var reshard = Fixture.reshard(.freeze)
            reshard.isAbortable = false
            return of(reshard)
        case .demo:
            var model = of(nil)
            _ = model.reduce(.demo(DemoState()))
            return model
        case .stepping:
            var model = of(Fixture.reshard(.collate))
            _ = model.reduce(.demo(DemoState()))
            model.isStepping = true
            return model
        case .starting:
            var model = Fixture.model(nil)
            _ = model.reduce(.demo(DemoState(starting: .init(serving: 0, total: 6))))
            return model
        case .replay:
            var model = DashboardModel(name: "demo", isReadOnly: true)
            let position = ReplayPosition(polls: [0, 5_000], durationMilliseconds: 65_000)
            _ = model.reduce(.replayed(ReplayMoment(watched: of(nil), position: position)))
            return model
        case .readOnly:
            var model = DashboardModel(name: "demo", isReadOnly: true)
            _ = model.reduce(.snapshot(Fixture.snapshot(layout: Fixture.two, keys: [50, 50]), .full))
            return model
        case .nobody:
            return Fixture.model(
                ClusterSnapshot(takenMilliseconds: Fixture.start, nodes: [.init(address: Fixture.node(1))]))
        case .table:
            var model = of(nil)
            _ = model.reduce(.key(.character("N")))
            return model
        case .asking: return Fixture.model(nil)
        case .basic: return Fixture.model(Fixture.basic(), capabilities: .basic)
        case .filtered:
            return Fixture.model(
                Fixture.snapshot(layout: Fixture.two, keys: [50, 50]),
                keys: [.character("/"), .character("0"), .character("."), .character("4"), .enter])
        }
    }

    private func of(_ reshard: ReshardProgress?) -> DashboardModel {
        Fixture.model(Fixture.snapshot(layout: Fixture.two, keys: [50, 50], reshard: reshard, joiners: [7]))
    }
}
