import ClusterModel
import TerminalUI
import Testing

@testable import Dashboard

/// The dialogs about goals, as text and in their styles, compared with files that were looked at.
@Suite struct GoalFrameTests {
    private static let screens: [String: DashboardModel] = [
        "changes": SlotFixture.model([.character("c"), .down]),
        "changes-refused": {
            var features = SlotFixture.features
            features.repair = .refused("no slot is open")
            features.moveSlots = .refused("the user may not run CLUSTER SETSLOT")
            return SlotFixture.model([.character("c")], features: features)
        }(),
        "rebalance": planned(SlotFixture.model([.character("b")]), .rebalance(by: .slots), SlotFixture.planOfRebalance),
        "rebalance-asking": SlotFixture.model([.character("b"), .right, .tab, .enter]),
        "move": planned(
            SlotFixture.model([.character("M")] + "0-99".map { .character($0) } + [.down]),
            .move(slots: 0...99, from: 0, to: 1), SlotFixture.planOfMove),
        "move-incomplete": SlotFixture.model([.character("M"), .character("9"), .character("-")]),
        "add": planned(
            SlotFixture.model([.character("A"), .down, .right]), .addMember(SlotFixture.node(7), shard: 0),
            SlotFixture.plan(
                "adding a node", "10.0.0.7:7001 meets the cluster", "10.0.0.7:7001 becomes a replica of 10.0.0.1:7001")),
        "remove-failed": {
            var model = SlotFixture.model([.character("D"), .tab])
            _ = model.reduce(
                .planFailed(
                    .removeMember(SlotFixture.node(1)), "10.0.0.1:7001 has 5,461 slots: move them to other shards first"
                ))
            return model
        }(),
        "failover": planned(
            SlotFixture.model([.character("F"), .tab]), .failover(SlotFixture.node(4), .graceful),
            {
                var plan = SlotFixture.plan(
                    "failover", "10.0.0.4:7001 becomes the primary of shard 0, 10.0.0.1:7001 its replica")
                // Nothing moves, and no table says so.
                plan.pairs = (0..<3).map { .init(from: ShardID($0), to: ShardID($0), planned: 5_461) }
                plan.unit = "slot"
                return plan
            }()),
        "failover-takeover": planned(
            SlotFixture.model(
                [.character("F"), .down, .left, .down] + "take".map { .character($0) } + [.tab, .enter]),
            .failover(SlotFixture.node(4), .takeover),
            SlotFixture.plan(
                "failover", "10.0.0.4:7001 takes shard 0 over without asking",
                warnings: ["writes that 10.0.0.1:7001 has not sent on are lost"]), pressing: [.enter]),
        "repair": planned(
            SlotFixture.model([.character("R")]), .repair(.finish),
            SlotFixture.plan(
                "repair", "slot 93: 12 keys go on from shard 0 to shard 1", "slot 94: shard 1 has it; closed")),
        "pace": SlotFixture.model([.character("T")] + "5000".map { .character($0) }),
        "abort-slots": SlotFixture.model([.character("a"), .tab], change: SlotFixture.running()),
        "reshard-slots": planned(SlotFixture.model([.character("r")]), .shardCount(4), SlotFixture.planOfRebalance),
    ]

    private static func planned(
        _ model: DashboardModel, _ goal: Goal, _ plan: Plan, pressing keys: [KeyEvent] = []
    ) -> DashboardModel {
        var model = model
        _ = model.reduce(.planned(goal, plan))
        for key in keys { _ = model.reduce(.key(key)) }
        return model
    }

    @Test(arguments: screens.keys.sorted(), [Size(width: 80, height: 24), Size(width: 120, height: 35)])
    func aDialogLooksAsItDidWhenItWasLookedAt(name: String, size: Size) throws {
        let model = try #require(Self.screens[name])
        let canvas = Drawing(model, theme: .standard()).canvas(size)
        try GoldenFile.compare(canvas.text, "Goals/\(name)-\(size.width)x\(size.height)")
        let styles = [ThemeName.dark, .mono].map { theme in
            theme.rawValue + "\n" + Drawing(model, theme: .named(theme)).canvas(size).attributesText
        }
        try GoldenFile.compare(styles.joined(), "Goals/Styles/\(name)-\(size.width)x\(size.height)")
    }

    /// Where there is no room for all of it, buttons and the cluster's name are there.
    @Test(arguments: screens.keys.sorted()) func theSmallestScreenHasTheButtons(name: String) throws {
        let model = try #require(Self.screens[name])
        let text = Drawing(model, theme: .standard()).canvas(Size(width: 40, height: 12)).text
        switch model.overlay {
        case .goal: #expect(text.contains("Cancel") && text.contains("valkey:"))
        case .confirmAbort: #expect(text.contains("Go on") && text.contains("valkey:"))
        default: break
        }
    }
}
