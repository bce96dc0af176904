import ClusterModel
import TerminalUI
import Testing

@testable import Dashboard

/// From the key to the change: choose, see the plan, confirm.
@Suite struct GoalKeysTests {
    private func press(_ keys: KeyEvent..., in model: inout DashboardModel) -> [Effect] {
        keys.reduce([]) { _, key in model.reduce(.key(key)) }
    }

    private func type(_ text: String, _ model: inout DashboardModel) -> [Effect] {
        text.reduce([]) { _, character in model.reduce(.key(.character(character))) }
    }

    private func dialog(_ model: DashboardModel) -> GoalDialog? {
        if case .goal(let dialog)? = model.overlay { dialog } else { nil }
    }

    private let plan = SlotFixture.planOfRebalance

    // MARK: The flow

    @Test func thePlanIsAskedForAtOnceAndCancelHasTheFocus() {
        var model = SlotFixture.model()
        #expect(press(.character("b"), in: &model) == [.plan(.rebalance(by: .slots))])
        #expect(dialog(model)?.preview == .asking)
        _ = model.reduce(.planned(.rebalance(by: .slots), plan))
        #expect(dialog(model)?.preview == .ready(plan))
        #expect(press(.enter, in: &model).isEmpty)
        #expect(model.overlay == nil, "Enter was Cancel")
    }

    @Test func confirmingBeginsWhatWasSeen() {
        var model = SlotFixture.model()
        _ = press(.character("b"), in: &model)
        _ = model.reduce(.planned(.rebalance(by: .slots), plan))
        #expect(press(.tab, .enter, in: &model) == [.perform(.rebalance(by: .slots), seen: plan)])
        #expect(model.overlay == nil)
        #expect(model.log.last?.text == "rebalance by slots: started")
    }

    @Test func theButtonsAreClicked() {
        var model = SlotFixture.model([.character("b")])
        #expect(model.reduce(.mouse(.click, .button(isConfirming: true))).isEmpty, "nothing is seen yet")
        _ = model.reduce(.planned(.rebalance(by: .slots), plan))
        let begun = [Effect.perform(.rebalance(by: .slots), seen: plan)]
        #expect(model.reduce(.mouse(.click, .button(isConfirming: true))) == begun)
        model = SlotFixture.model([.character("b")])
        #expect(model.reduce(.mouse(.click, .button(isConfirming: false))).isEmpty)
        #expect(model.overlay == nil)
    }

    @Test func nothingBeginsThatWasNotSeen() {
        var model = SlotFixture.model()
        #expect(press(.character("b"), .tab, .enter, in: &model).isEmpty)
        #expect(dialog(model)?.problem?.contains("still being computed") == true)
        _ = model.reduce(.planFailed(.rebalance(by: .slots), "too few nodes"))
        #expect(press(.enter, in: &model).isEmpty, "nor what cannot be")
        #expect(dialog(model)?.preview == .failed("too few nodes"))
    }

    @Test func anotherChoiceIsAnotherPlanAndTakesTheFocusBackToCancel() {
        var model = SlotFixture.model()
        _ = press(.character("b"), in: &model)
        _ = model.reduce(.planned(.rebalance(by: .slots), plan))
        _ = press(.tab, in: &model)
        #expect(press(.right, in: &model) == [.plan(.rebalance(by: .keys))])
        #expect(dialog(model)?.isConfirming == false)
        _ = model.reduce(.planned(.rebalance(by: .slots), plan))
        #expect(dialog(model)?.preview == .asking, "an answer to an earlier question is dropped")
        #expect(press(.left, .left, in: &model) == [.plan(.rebalance(by: .memory))], "round and round")
    }

    @Test func whereAllIsSoAlreadyNothingIsBegun() {
        var plan = plan
        plan.pairs = plan.pairs.filter { $0.from == $0.to }
        var model = SlotFixture.model([.character("b")])
        _ = model.reduce(.planned(.rebalance(by: .slots), plan))
        #expect(press(.tab, .enter, in: &model).isEmpty)
        #expect(dialog(model)?.problem == "There is nothing to do.")
    }

    @Test func somebodyElsesChangeIsNotAborted() {
        var foreign = SlotFixture.running(isOurs: false)
        foreign.isAbortable = false
        var model = SlotFixture.model([.character("a")], change: foreign)
        #expect(model.log.last?.text == "somebody else began this rebalance; it cannot be ended here")
        model = SlotFixture.model([.character("a"), .tab], change: SlotFixture.running())
        #expect(press(.enter, in: &model) == [.abort])
    }

    @Test func whatHasBecomeImpossibleMeanwhileIsNotBegun() {
        var model = SlotFixture.model()
        _ = press(.character("b"), in: &model)
        _ = model.reduce(.planned(.rebalance(by: .slots), plan))
        _ = model.reduce(
            .snapshot(SlotFixture.cluster(change: SlotFixture.running(isOurs: false)), SlotFixture.features))
        #expect(press(.tab, .enter, in: &model).isEmpty)
        #expect(dialog(model)?.problem == "somebody else changes the cluster (rebalance); wait for it")
    }

    @Test func theConfirmationNamesTheCluster() {
        var model = SlotFixture.model([.character("b")])
        func text() -> String { Drawing(model, theme: .standard()).canvas(Size(width: 80, height: 24)).text }
        #expect(text().contains("Rebalance on valkey://10.0.0.1:7001"))
        var features = SlotFixture.features
        features.confirmationName = nil
        _ = model.reduce(.snapshot(SlotFixture.cluster(), features))
        #expect(!text().contains("Rebalance on"), "a playground needs none")
    }

    @Test func withoutADryRunTheDialogSaysSo() {
        var features = SlotFixture.features
        features.plan = .absent
        var model = SlotFixture.model(features: features)
        #expect(press(.character("b"), in: &model).isEmpty)
        #expect(press(.tab, .enter, in: &model) == [.perform(.rebalance(by: .slots))])
    }

    // MARK: The goals

    @Test func slotsAreTypedAndTheShardsChosen() {
        var model = SlotFixture.model()
        #expect(press(.character("M"), in: &model).isEmpty, "nothing is meant yet")
        #expect(type("0-9", &model) == [.plan(.move(slots: 0...9, from: 0, to: 1))])
        #expect(press(.tab, .enter, in: &model).isEmpty, "the plan is not seen")
        #expect(press(.down, .right, in: &model).isEmpty, "from a shard to itself is nothing")
        #expect(dialog(model)?.goal == nil)
        #expect(press(.down, .right, in: &model) == [.plan(.move(slots: 0...9, from: 1, to: 2))])
        _ = press(.down, in: &model)
        #expect(type("x", &model).isEmpty)
        #expect(dialog(model)?.goal == nil)
        #expect(press(.control("u"), in: &model).isEmpty)
        #expect(type("16383", &model) == [.plan(.move(slots: 16_383...16_383, from: 1, to: 2))])
    }

    @Test(
        arguments: [
            ("7", 7...7), ("0-16383", 0...16_383), ("", nil), ("-", nil), ("5-3", nil), ("1-2-3", nil), ("a", nil),
            ("99999999999999999999", nil), ("+1", nil), ("1 ", nil), ("٣", nil),
        ] as [(String, ClosedRange<Int>?)])
    func slotsAreReadAsPeopleWriteThem(text: String, slots: ClosedRange<Int>?) {
        #expect(SlotText.range(text) == slots)
    }

    @Test func aSlotBeyondTheLastIsNotMoved() {
        var model = SlotFixture.model([.character("M")])
        #expect(type("16384", &model) == [], "16384 is one too many")
        #expect(dialog(model)?.goal == nil)
    }

    @Test func aNodeIsAddedAsAPrimaryOrAsAReplica() {
        var model = SlotFixture.model()
        #expect(press(.character("A"), in: &model) == [.plan(.addMember(SlotFixture.node(7), shard: nil))])
        #expect(press(.down, .right, in: &model) == [.plan(.addMember(SlotFixture.node(7), shard: 0))])
        let goal = Goal.addMember(SlotFixture.node(7), shard: 0)
        let plan = SlotFixture.plan("adding a node", "it meets")
        _ = model.reduce(.planned(goal, plan))
        #expect(press(.tab, .enter, in: &model) == [.perform(goal, seen: plan)])
    }

    @Test func theChosenNodeIsRemoved() {
        var model = SlotFixture.model([.end])
        #expect(press(.character("D"), in: &model) == [.plan(.removeMember(SlotFixture.node(8)))])
        #expect(press(.right, in: &model) == [.plan(.removeMember(SlotFixture.node(1)))], "the first follows the last")
    }

    @Test func theChosenReplicaTakesOverAndOfAPrimaryItsReplica() {
        var model = SlotFixture.model([.down])
        #expect(model.selected?.id == SlotFixture.node(4))
        #expect(press(.character("F"), in: &model) == [.plan(.failover(SlotFixture.node(4), .graceful))])
        model = SlotFixture.model([.down, .down])
        #expect(model.selected?.id == SlotFixture.node(2))
        #expect(press(.character("F"), in: &model) == [.plan(.failover(SlotFixture.node(5), .graceful))])
    }

    @Test(arguments: [Goal.Failover.force, .takeover])
    func aFailoverThatMayLoseWritesTakesASecondWord(way: Goal.Failover) {
        var model = SlotFixture.model([.character("F")])
        let goal = Goal.failover(SlotFixture.node(4), way)
        _ = press(.down, .right, in: &model)
        if way == .takeover { _ = press(.right, in: &model) }
        let plan = SlotFixture.plan("failover", "it takes over")
        _ = model.reduce(.planned(goal, plan))
        #expect(press(.tab, .enter, in: &model).isEmpty)
        #expect(dialog(model)?.problem == "Type \(way.rawValue) first.")
        #expect(press(.down, in: &model).isEmpty)
        #expect(type(String(way.rawValue.dropLast()), &model).isEmpty, "the plan is the same")
        #expect(press(.enter, in: &model).isEmpty, "half a word is none")
        #expect(type(String(way.rawValue.suffix(1)), &model).isEmpty)
        #expect(press(.enter, in: &model) == [.perform(goal, seen: plan)])
    }

    @Test func anotherWayForgetsTheWordTyped() {
        var model = SlotFixture.model([.character("F"), .down, .right, .down])
        _ = type("force", &model)
        #expect(dialog(model)?.draft.isWordTyped == true)
        _ = press(.up, .right, .left, in: &model)
        #expect(dialog(model)?.draft.isWordTyped == false)
        _ = press(.down, in: &model)
        _ = type("force", &model)
        _ = press(.up, .up, .right, in: &model)
        #expect(dialog(model)?.draft.isWordTyped == false, "nor is it of another replica")
    }

    @Test func openSlotsAreFinishedOrPutBack() {
        var model = SlotFixture.model()
        #expect(press(.character("R"), in: &model) == [.plan(.repair(.finish))])
        #expect(press(.right, in: &model) == [.plan(.repair(.putBack))])
    }

    @Test func thePaceIsTypedAndNothingIsNoLimit() {
        var model = SlotFixture.model([.character("T")])
        _ = type("5000", &model)
        #expect(press(.enter, in: &model) == [.pace(keysPerSecond: 5_000)])
        #expect(press(.character("T"), .enter, in: &model) == [.pace(keysPerSecond: nil)])
        _ = press(.character("T"), in: &model)
        _ = type("fast", &model)
        #expect(press(.enter, in: &model).isEmpty)
        #expect(model.overlay == .pace("fast"), "what was typed can be mended")
        #expect(model.log.last?.text == "'fast' is no number of keys a second")
    }

    @Test func textIsPastedWhereItIsTyped() {
        var model = SlotFixture.model([.character("M")])
        #expect(
            model.reduce(.pasted(Paste("10-20", bytesDropped: 0)))
                == [.plan(.move(slots: 10...20, from: 0, to: 1))])
        model = SlotFixture.model([.character("b")])
        _ = model.reduce(.pasted(Paste("10-20", bytesDropped: 0)))
        #expect(model.log.last?.isProblem == true, "there is nothing to type")
    }

    // MARK: Commands

    @Test(arguments: [
        ("rebalance memory", [Effect.plan(.rebalance(by: .memory))]),
        ("move 0-99 1", [.plan(.move(slots: 0...99, from: nil, to: 1))]),
        ("add 10.0.0.9:7001", [.plan(.addMember("10.0.0.9:7001", shard: nil))]),
        ("add 10.0.0.9:7001 2", [.plan(.addMember("10.0.0.9:7001", shard: 2))]),
        ("remove 10.0.0.8:7001", [.plan(.removeMember("10.0.0.8:7001"))]),
        ("failover 10.0.0.5:7001", [.plan(.failover("10.0.0.5:7001"))]), ("repair back", [.plan(.repair(.putBack))]),
        ("pace 700", [.pace(keysPerSecond: 700)]), ("pace none", [.pace(keysPerSecond: nil)]),
    ])
    func aTypedCommandOpensItsDialogWithAllFilledIn(command: String, effects: [Effect]) {
        var model = SlotFixture.model([.character(":")])
        _ = type(command, &model)
        #expect(press(.enter, in: &model) == effects)
    }

    @Test(arguments: [
        "move 0-99", "move 0-99 7", "move a 1", "failover 10.0.0.1:7001", "remove 10.0.0.99:7001", "rebalance luck",
        "repair", "pace 0", "pace fast",
    ])
    func whatCannotBeMeantSaysHowItIs(command: String) {
        var model = SlotFixture.model([.character(":")])
        _ = type(command, &model)
        #expect(press(.enter, in: &model).isEmpty)
        guard case .prompt(let prompt)? = model.overlay else {
            Issue.record("'\(command)' was taken")
            return
        }
        #expect(prompt.problem?.hasPrefix("it is: \(command.prefix { $0 != " " })") == true)
    }

    @Test func allChangesAreUnderOneKey() {
        var model = SlotFixture.model([.character("c")])
        #expect(model.overlay == .changes(selected: 0))
        let add = Effect.plan(.addMember(SlotFixture.node(7), shard: nil))
        #expect(press(.down, .enter, in: &model) == [add], "the second of them, as nothing runs that could be aborted")
        model = SlotFixture.model([.character("c")])
        #expect(press(.character("b"), in: &model) == [.plan(.rebalance(by: .slots))], "a key is as good")
        model = SlotFixture.model([.character("c")])
        #expect(model.reduce(.mouse(.click, .command("repair", argument: nil))) == [.plan(.repair(.finish))])
    }

    @Test func whatIsRefusedStandsThereWithItsReason() {
        var features = SlotFixture.features
        features.failover = .refused("the user may not run CLUSTER FAILOVER")
        features.removeMember = .absent
        var model = SlotFixture.model([.character("c")], features: features)
        let text = Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35)).text
        #expect(text.contains("the user may not run CLUSTER FAILOVER"))
        #expect(!text.contains("remove a node"))
        _ = press(.escape, in: &model)
        #expect(press(.character("F"), in: &model).isEmpty)
        #expect(model.log.last?.text == "the user may not run CLUSTER FAILOVER")
        let before = model
        #expect(press(.character("D"), in: &model).isEmpty)
        #expect(model == before, "what an engine has not is not spoken of")
    }

    @Test(arguments: ["r", "b", "M", "D", "A"] as [Character])
    func oneChangeAtATime(key: Character) {
        var model = SlotFixture.model(change: SlotFixture.running())
        #expect(press(.character(key), in: &model).isEmpty)
        #expect(model.overlay == nil)
        #expect(model.log.last?.text == "a rebalance is running; wait for it, or abort it with a")
        model = SlotFixture.model(change: SlotFixture.running(isOurs: false))
        #expect(press(.character(key), in: &model).isEmpty)
        #expect(model.log.last?.text == "somebody else changes the cluster (rebalance); wait for it")
    }
}
