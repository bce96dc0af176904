import Testing

@testable import TopCommand

/// Which node the clients of the traffic ask.
@Suite(.timeLimit(.minutes(10))) struct TrafficRoutesTests {
    private let start = ContinuousClock.now
    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func `a client asks its own node`() {
        var routes = TrafficRoutes(nodes: 3)
        #expect((0..<3).map { routes.choose(from: $0, without: [], now: start) } == [0, 1, 2])
    }

    @Test func `a node that fell silent is passed over by all, and tried again by one after a while`() {
        var routes = TrafficRoutes(nodes: 3)
        routes.fellSilent(1, since: at(0), now: at(1_000))
        #expect(routes.choose(from: 1, without: [], now: at(1_100)) == 2)
        #expect(routes.choose(from: 1, without: [], now: at(3_100)) == 1)
        #expect(routes.choose(from: 1, without: [], now: at(3_200)) == 2, "one client is enough to try it")
        routes.fellSilent(1, since: at(3_100), now: at(4_100))
        #expect(routes.choose(from: 1, without: [], now: at(4_200)) == 2)
        #expect(routes.choose(from: 1, without: [], now: at(6_200)) == 1)
        routes.answered(1, now: at(6_210))
        #expect(routes.choose(from: 1, without: [], now: at(6_220)) == 1)
    }

    @Test func `a node that answers others is not silent, whatever one request waits for`() {
        var routes = TrafficRoutes(nodes: 2)
        routes.answered(0, now: at(500))
        routes.fellSilent(0, since: at(0), now: at(1_000))
        #expect(routes.choose(from: 0, without: [], now: at(1_100)) == 0)
    }

    @Test func `where all are silent they are asked all the same, each in its turn`() {
        var routes = TrafficRoutes(nodes: 2)
        for node in 0..<2 { routes.fellSilent(node, since: at(0), now: at(1_000)) }
        #expect(routes.choose(from: 1, without: [], now: at(1_100)) == 1)
        #expect(routes.choose(from: 1, without: [1], now: at(1_100)) == 0)
    }
}
