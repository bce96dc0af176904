import ClusterModel
import ShardClient
import TerminalUI
import Testing

@testable import Dashboard

/// Graphs that do not lie: a second a column, gaps where nothing was known.
@Suite struct RateSeriesTests {
    private static let start: UInt64 = 1_000_000

    /// - Parameter polls: seconds after the start, and what was told.
    private func series(_ polls: [(Double, Double)], isOwn: Bool = false) -> RateSeries {
        var series = RateSeries()
        for (second, value) in polls {
            series.add(
                value, atMilliseconds: Self.start + UInt64(second * 1_000), holdsMilliseconds: 2_500, isOwn: isOwn)
        }
        return series
    }

    private func values(_ series: RateSeries, _ count: Int, until second: UInt64) -> [Double?] {
        series.seconds(count, until: Self.start / 1_000 + second).map { $0?.value }
    }

    @Test func aColumnIsASecondHoweverOftenItIsPolled() {
        let often = series((0..<40).map { (Double($0) * 0.12, 5) })
        #expect(values(often, 6, until: 4) == [nil, 5, 5, 5, 5, 5])
        let seldom = series([(0, 1), (2, 2), (4, 3)])
        #expect(values(seldom, 5, until: 4) == [1, 1, 2, 2, 3])
    }

    @Test func whereNoPollCameThereIsAGap() {
        let series = series([(0, 4), (1, 4), (26, 9), (27, 9)])
        #expect(
            values(series, 28, until: 27) == [4, 4, 4, 4] + Array(repeating: nil, count: 22) + [9, 9],
            "what was said last counts until the next poll is overdue")
    }

    @Test func whatStopsShowsAsAGapThatGrows() {
        let series = series([(0, 4)])
        #expect(series.end(atMilliseconds: Self.start + 1_000) == 1_000)
        #expect(series.end(atMilliseconds: Self.start + 9_000) == 1_009)
        #expect(values(series, 4, until: 9) == [nil, nil, nil, nil])
    }

    @Test func moreSecondsThanThereIsTimeAreAsked() {
        var series = RateSeries()
        series.add(1, atMilliseconds: 2_000, holdsMilliseconds: 0)
        #expect(series.seconds(5, until: 2).map { $0?.value } == [nil, nil, nil, nil, 1])
        #expect(series.seconds(0, until: 2).isEmpty)
        #expect(series.seconds(3, until: 1).allSatisfy { $0 == nil })
    }

    @Test func itIsBounded() {
        let series = series((0..<2_000).map { (Double($0), 1) })
        #expect(series.points.count <= Int(RateSeries.secondsMax) + 1)
    }

    // MARK: Scale

    @Test func aBurstDoesNotFlattenAllElse() {
        let calm = (0..<100).map { (Double($0), 400.0) }
        #expect(GraphScale([series(calm)]).top == 400)
        #expect(GraphScale([series(calm + [(101, 9_000)])]).top == 500)
        #expect(GraphScale([series(calm + [(101, 700)])]).top == 800)
        #expect(GraphScale([]).top == 0 && GraphScale([series([(0, 0.4)])]).top == 0)
    }

    @Test func ownWorkDecidesOnlyWhereThereIsNothingElse() {
        let own = series((0..<20).map { (Double($0), 9_000) }, isOwn: true)
        #expect(GraphScale([own]).top == 10_000)
        #expect(GraphScale([own, series([(0, 300)])]).top == 300)
    }

    // MARK: On the screen

    /// Polls until the cluster is silent for a while, and after it.
    private func model(_ seconds: [Int], own: Range<Int> = 0..<0) -> DashboardModel {
        var model = Fixture.model(nil)
        for second in seconds {
            let now = Fixture.start + UInt64(second) * 1_000
            _ = model.reduce(
                .demo(DemoState(loading: own.contains(second) ? .init(done: second, total: 100) : nil)))
            let operations: Double = own.contains(second) ? 3_000 : 100
            _ = model.reduce(
                .snapshot(
                    Fixture.snapshot(layout: Fixture.two, keys: [5, 5], operations: operations, at: now), .full))
        }
        return model
    }

    private func text(_ model: DashboardModel) -> String {
        Drawing(model, theme: .standard()).canvas(Size(width: 120, height: 35)).text
    }

    @Test func aStopOfTwentyFiveSecondsIsSeen() {
        let whole = text(model(Array(0...50)))
        #expect(!whole.contains("no data"))
        #expect(whole.contains("now") && whole.contains("-30 s"))
        #expect(text(model(Array(0...20) + Array(45...50))).contains("no data"))
    }

    @Test func loadingIsToldFromClients() {
        let text = text(model(Array(0...40), own: 0..<20))
        #expect(text.contains("░ own") && text.contains("▲ 27.0k") && text.contains("to 1.0k"))
        #expect(!self.text(model(Array(0...40))).contains("░"))
    }

    @Test func whereNobodyAnswersThereIsNoNought() {
        var model = model([0, 1])
        let silent = Fixture.snapshot(
            layout: Fixture.two, keys: [5, 5],
            twists: Dictionary(uniqueKeysWithValues: (1...6).map { ($0, .init(isReachable: false)) }),
            at: Fixture.start + 9_000)
        _ = model.reduce(.snapshot(silent, .full))
        let points = model.history.operations[0]?.seconds(3, until: Fixture.start / 1_000 + 9) ?? []
        #expect(points.allSatisfy { $0 == nil })
    }
}
