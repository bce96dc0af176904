import ClusterModel
import ShardCore
import ShardWire
import Testing
import Wording

@testable import Dashboard
@testable import ShardClient

@Suite struct ClusterTests {
    private func conditions(_ twists: [Int: Fixture.Twist]) -> [NodeAddress: Member.Condition] {
        let overview = Cluster(Fixture.snapshot(layout: Fixture.two, keys: [5, 5], twists: twists, epoch: 3))
        return Dictionary(uniqueKeysWithValues: overview.members.map { (NodeAddress($0.id)!, $0.condition) })
    }

    @Test func everyConditionIsTold() {
        let found = conditions([
            1: .init(state: .catchingUp), 2: .init(state: .starting), 3: .init(epoch: 2),
            4: .init(isReachable: false, health: .up), 5: .init(isReachable: false, health: .down),
        ])
        #expect(found[Fixture.node(1)] == Member.Condition(.warning, "catching up"))
        #expect(found[Fixture.node(2)] == Member.Condition(.warning, "starting"))
        #expect(found[Fixture.node(3)] == Member.Condition(.warning, "epoch 2"))
        #expect(found[Fixture.node(4)] == .silent)
        #expect(found[Fixture.node(5)] == .down)
        #expect(found[Fixture.node(6)] == .up)
    }

    @Test func aNodeThatDoesNotAnswerIsNeverShownAsUpNorItsRatesAsLive() {
        let overview = Cluster(
            Fixture.snapshot(layout: Fixture.two, keys: [5, 5], twists: [1: .init(isReachable: false)], operations: 9))
        #expect(overview.members[0].condition == .silent)
        #expect(overview.members[0].readsPerSecond == nil)
        #expect(overview.nodesUp == 5)
    }

    @Test func aShardsKeysAreThoseOfItsMembersThatServe() {
        let overview = Cluster(
            Fixture.snapshot(
                layout: Fixture.two, keys: [50, 40],
                twists: [1: .init(isReachable: false, keys: 99), 2: .init(state: .catchingUp, keys: 70)]))
        #expect(overview.shards.map(\.keys) == [50, 40])
        #expect(overview.keys == 90)
        let share = overview.share(of: overview.shards[0])
        #expect(share?.share == 50.0 / 90)
        #expect(abs((share?.deviation ?? 0) - (100.0 / 90 - 1)) < 0.000_001)
    }

    @Test func aShardWhoseMembersDifferSaysSo() {
        let overview = Cluster(
            Fixture.snapshot(layout: Fixture.two, keys: [50, 40], twists: [1: .init(keys: 49)]))
        #expect(overview.shards.map(\.isEven) == [false, true])
    }

    @Test func aShardWithoutAnyMemberInReachIsDownAndTheSumUnknown() {
        let overview = Cluster(
            Fixture.snapshot(
                layout: [[1, 2], [3, 4]], keys: [5, 5],
                twists: [1: .init(isReachable: false, health: .down), 2: .init(isReachable: false, health: .down)]))
        #expect(overview.shards.map(\.isDown) == [true, false])
        #expect(overview.keys == nil)
    }

    @Test func nodesOfOtherImplementationsAreShownAsFarAsTheyTell() {
        let overview = Cluster(Fixture.basic())
        #expect(overview.isBasic)
        #expect(overview.keys == 600)
        #expect(overview.nodesUp == 3)
        #expect(overview.shards[1].members.map(\.condition) == [.up, .down])
        #expect(overview.epoch == nil)
    }

    @Test func workIsCountedByTheCountersOfThePhase() {
        #expect(Change(Fixture.reshard(.collate)).current.work?.done == 6_217)
        #expect(Change(Fixture.reshard(.rebalance)).current.work?.done == 4_310)
        #expect(Change(Fixture.reshard(.broadcast)).current.work?.total == 10_200)
    }

    @Test func theRateIsThatOfTheLastSeconds() {
        var history = PollHistory()
        var overview = Cluster(takenMilliseconds: 0)
        var progress = Fixture.reshard(.rebalance)
        for second in 0..<10 {
            progress.keysRebalanced = second * (second < 5 ? 10 : 100)
            overview.change = Change(progress)
            history.add(
                overview, atMilliseconds: Fixture.start + UInt64(second) * 1_000, holdsMilliseconds: 0, isOwn: false)
        }
        #expect(history.workPerSecond == 100)
    }

    @Test func figuresAreWrittenAsPeopleReadThem() {
        #expect(Figures.count(1_234_567) == "1,234,567")
        #expect(Figures.count(1_005) == "1,005")
        #expect(Figures.count(0) == "0")
        #expect(Figures.signedPercent(-0.0061) == "-0.6 %")
        #expect(Figures.duration(microseconds: 850) == "850 µs")
        #expect(Figures.duration(microseconds: 12_340) == "12.3 ms")
        #expect(Figures.duration(microseconds: 185_000_000) == "3 min 05 s")
        #expect(Figures.rate(12_345) == "12.3k")
        #expect(Figures.plural(1, "seed") == "1 seed" && Figures.plural(2, "seed") == "2 seeds")
    }

    @Test func aBasicNodeThatNamesOtherMembersSaysSo() throws {
        var snapshot = Fixture.basic()
        guard case .basic(var state)? = snapshot.nodes[1].answer else { return #expect(Bool(false)) }
        state.shards[0].members = [Fixture.node(2)]
        snapshot.nodes[1].answer = .basic(state)
        #expect(Cluster(snapshot).members.map(\.condition) == [.up, .otherView, .up, .down])
        state.shards[0].members = nil
        state.shards.append(.init(id: 2))
        snapshot.nodes[1].answer = .basic(state)
        #expect(Cluster(snapshot).members.map(\.condition) == [.up, .otherView, .up, .down])
    }

    @Test func aNodeJustAskedIsNotCalledDown() {
        var snapshot = Fixture.basic()
        snapshot.nodes[3].answer = nil
        snapshot.nodes[3].problem = nil
        #expect(Cluster(snapshot).members.last?.condition == .silent)
        snapshot.nodes[3].problem = "cannot connect"
        #expect(Cluster(snapshot).members.last?.condition == .down)
    }
}
