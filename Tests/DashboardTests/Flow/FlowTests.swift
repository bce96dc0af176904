import ClusterModel
import ShardClient
import ShardCore
import ShardWire
import Testing

@testable import Dashboard

@Suite struct FlowTests {
    private func collating(_ keys: Int, of total: Int = 24_000, operation: String = "1@10.0.0.1:8081")
        -> ReshardProgress
    {
        var progress = Fixture.reshard(.collate)
        progress.operation = operation
        progress.startedMilliseconds = Fixture.start
        progress.collated = [.init(shard: 0, source: Fixture.node(1), keys: keys, bytes: 0, keysTotal: total)]
        return progress
    }

    private let lane = Flow.Lane.meter(0)

    /// How many dots are on the lane or about to leave.
    private func dots(_ flow: Flow) -> Int { flow.dots[lane]?.count ?? 0 }

    @Test(arguments: [(0, 1), (1, 1), (3, 5), (42, 50), (51, 100), (100, 100), (101, 200)])
    func aDotStandsForARoundFigure(value: Int, figure: Int) {
        #expect(Flow.roundFigure(atLeast: value) == figure)
    }

    @Test func asManyDotsLeaveAsTheCounterGrew() {
        var flow = Flow()
        flow.add(collating(0), keys: 24_000, atMilliseconds: Fixture.start)
        #expect(flow.keysPerDot == 100)
        #expect(dots(flow) == 0)
        flow.add(collating(1_099), keys: 24_000, atMilliseconds: Fixture.start + 100)
        #expect(dots(flow) == 10)
        flow.add(collating(1_100), keys: 24_000, atMilliseconds: Fixture.start + 200)
        #expect(dots(flow) == 11, "what is left of one poll counts in the next")
    }

    @Test func aDotCrossesItsLaneAndIsGone() {
        var flow = Flow()
        flow.add(collating(0), keys: 24_000, atMilliseconds: Fixture.start)
        flow.add(collating(100), keys: 24_000, atMilliseconds: Fixture.start + 100)
        let left = Fixture.start + 100
        #expect(flow.places(on: lane, atMilliseconds: left - 1) == [])
        #expect(flow.places(on: lane, atMilliseconds: left) == [0])
        #expect(flow.places(on: lane, atMilliseconds: left + Flow.travelMilliseconds / 2) == [0.5])
        #expect(flow.isMoving(atMilliseconds: left + Flow.travelMilliseconds - 1))
        #expect(flow.places(on: lane, atMilliseconds: left + Flow.travelMilliseconds) == [])
        #expect(!flow.isMoving(atMilliseconds: left + Flow.travelMilliseconds))
    }

    @Test func keysComeIntoThePortionsAsTheyAreHashed() {
        var flow = Flow()
        var progress = Fixture.reshard(.rebalance)
        progress.startedMilliseconds = Fixture.start
        flow.add(progress, keys: 24_000, atMilliseconds: Fixture.start)
        progress.moves = [.init(from: 0, to: 2, planned: 300, moved: 0), .init(from: 1, to: 2, planned: 200, moved: 0)]
        flow.add(progress, keys: 24_000, atMilliseconds: Fixture.start + 100)
        #expect(flow.dots[.portion(2)]?.count == 5)
        #expect(flow.dots[.portion(0)] == nil)
    }

    @Test func nothingMovesWithoutAChange() {
        var flow = Flow()
        flow.add(nil, keys: 10, atMilliseconds: Fixture.start)
        #expect(!flow.isMoving(atMilliseconds: Fixture.start))
    }

    @Test func whatWasDoneBeforeAnybodyLookedIsNotShownMoving() {
        var flow = Flow()
        flow.add(Fixture.reshard(.done), keys: 10_000, atMilliseconds: Fixture.start)
        #expect(!flow.isMoving(atMilliseconds: Fixture.start))
        flow = Flow()
        flow.add(collating(5_000), keys: 24_000, atMilliseconds: Fixture.start + 60_000)
        #expect(!flow.isMoving(atMilliseconds: Fixture.start + 60_000))
    }

    @Test func aNewChangeBeginsWithAnEmptyLane() {
        var flow = Flow()
        flow.add(collating(0), keys: 24_000, atMilliseconds: Fixture.start)
        flow.add(collating(9_000), keys: 24_000, atMilliseconds: Fixture.start + 100)
        flow.add(collating(0, of: 10, operation: "2@10.0.0.1:8081"), keys: 10, atMilliseconds: Fixture.start + 150)
        #expect(dots(flow) == 0)
        #expect(flow.keysPerDot == 1)
    }

    @Test func aMillionKeysAtOnceStayWithinTheBound() {
        var flow = Flow()
        flow.add(collating(0, of: 100), keys: 100, atMilliseconds: Fixture.start)
        flow.add(collating(1_000_000, of: 100), keys: 100, atMilliseconds: Fixture.start + 100)
        #expect(dots(flow) == Flow.dotsMax)
    }
}
