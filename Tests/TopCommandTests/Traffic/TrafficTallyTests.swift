import Testing

@testable import TopCommand

/// What the room is told of the clients.
@Suite(.timeLimit(.minutes(10))) struct TrafficTallyTests {
    private let start = ContinuousClock.now
    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func `who waits is counted, and counts in the latencies with what was waited so far`() {
        var tally = TrafficTally(clients: 4, offeredPerSecond: 100)
        for client in 0..<2 { tally.begin(client, now: at(0)) }
        for _ in 0..<10 {
            tally.begin(2, now: at(3_000))
            tally.end(2, problem: nil, now: at(3_002))
        }
        tally.begin(3, now: at(3_195))
        let figures = tally.figures(now: at(3_200))
        #expect(figures.operationsPerSecond == 10)
        #expect(figures.latencyMicrosecondsP50 == 2_000)
        #expect(figures.latencyMicrosecondsP99 == 3_200_000)
        #expect(figures.latencyMicrosecondsMax == 3_200_000)
        #expect(figures.waiting == 2, "the third has only just begun")
        #expect(figures.waitingMicrosecondsMax == 3_200_000)
        #expect(figures.offeredPerSecond == 100)
        #expect(figures.heldBackPerSecond == 0)
        #expect(figures.errors == 0)
    }

    @Test func `what ended long ago is in no figure but the sums`() {
        var tally = TrafficTally(clients: 1, offeredPerSecond: 100)
        tally.begin(0, now: at(0))
        tally.end(0, problem: nil, now: at(5))
        tally.begin(0, now: at(10))
        tally.end(0, problem: "lost", now: at(20))
        tally.holdBack(now: at(30))
        let early = tally.figures(now: at(500))
        #expect(early.operationsPerSecond == 1)
        #expect(early.heldBackPerSecond == 1)
        let late = tally.figures(now: at(1_500))
        #expect(late.operationsPerSecond == 0)
        #expect(late.latencyMicrosecondsMax == nil)
        #expect(late.waiting == 0)
        #expect(late.heldBackPerSecond == 0)
        #expect(late.operations == 2)
        #expect(late.errors == 1)
        #expect(late.problem == "lost")
    }

    @Test func `what was given up with the traffic waits no more`() {
        var tally = TrafficTally(clients: 1, offeredPerSecond: 100)
        tally.begin(0, now: at(0))
        tally.drop(0)
        #expect(tally.figures(now: at(9_000)).waiting == 0)
    }

    @Test func `so many are under way at once, and those that wait do not count`() {
        var tally = TrafficTally(clients: 128, offeredPerSecond: 100)
        var client = 0
        func begin(_ milliseconds: Int) -> Int {
            let first = client
            while client < 128, tally.mayBegin(now: at(milliseconds)) {
                tally.begin(client, now: at(milliseconds))
                client += 1
            }
            return client - first
        }
        let atOnce = begin(0)
        #expect((16...32).contains(atOnce))
        #expect(begin(50) == 0)
        #expect(begin(150) == atOnce, "they wait for a node that does not answer: others go on")
        #expect(tally.figures(now: at(150)).waiting == atOnce)
    }

    @Test func `on a machine where all is slow nobody waits, and no more than that is under way`() {
        var tally = TrafficTally(clients: 128, offeredPerSecond: 100)
        for client in 0..<20 {
            tally.begin(client, now: at(0))
            tally.end(client, problem: nil, now: at(90))
        }
        tally.learn(now: at(100))
        for client in 0..<24 { tally.begin(client, now: at(100)) }
        #expect(!tally.mayBegin(now: at(400)))
        #expect(tally.figures(now: at(400)).waiting == 0)
        #expect(tally.figures(now: at(900)).waiting == 24)
    }
}
