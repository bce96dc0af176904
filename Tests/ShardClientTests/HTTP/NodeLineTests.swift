import NIOCore
import Testing

@testable import ShardClient

/// Who gets which connection, without any.
@Suite struct NodeLineTests {
    private final class Wire {}
    private typealias Line = NodeLine<Wire, Int>

    /// All that is to be done now: the requests that are sent, and how many connections are opened.
    private func steps(_ line: inout Line) -> (sent: [Int], opened: Int) {
        var steps: (sent: [Int], opened: Int) = ([], 0)
        while let step = line.next() {
            switch step {
            case .send(let request, _): steps.sent.append(request)
            case .open: steps.opened += 1
            }
        }
        return steps
    }

    private func line(max: Int, requests: ClosedRange<Int>) -> Line {
        var line = Line(connectionsMax: max)
        for request in requests { line.add(request) }
        return line
    }

    @Test func eachThatWaitsGetsAnOpeningAsFarAsTheyMayBeHad() {
        var line = line(max: 3, requests: 1...5)
        #expect(steps(&line) == ([], 3))
        line.opened(Wire(), now: .now())
        #expect(steps(&line) == ([1], 0))
        line.opened(Wire(), now: .now())
        #expect(steps(&line) == ([2], 0))
        #expect(Array(line.waiting) == [3, 4, 5])
    }

    @Test func aConnectionThatIsDoneTakesTheOneThatWaitedLongest() {
        var line = line(max: 1, requests: 1...3)
        let wire = Wire()
        #expect(steps(&line) == ([], 1))
        line.opened(wire, now: .now())
        #expect(steps(&line) == ([1], 0))
        line.finished(wire, now: .now())
        #expect(steps(&line) == ([2], 0))
    }

    @Test func theOneUsedLastIsUsedFirstAndTheOthersGo() {
        var line = line(max: 2, requests: 1...2)
        let (old, recent) = (Wire(), Wire())
        _ = steps(&line)
        line.opened(old, now: .now())
        line.opened(recent, now: .now())
        _ = steps(&line)
        let start = NIODeadline.uptimeNanoseconds(1_000)
        line.finished(old, now: start)
        line.finished(recent, now: start + .seconds(1))
        line.add(3)
        #expect(steps(&line) == ([3], 0))
        #expect(Array(line.busy.values).map(ObjectIdentifier.init) == [ObjectIdentifier(recent)])
        #expect(line.removeIdle(since: start).map(ObjectIdentifier.init) == [ObjectIdentifier(old)])
        line.finished(recent, now: start + .seconds(2))
        #expect(line.removeIdle(since: start + .seconds(1)).isEmpty)
    }

    @Test func anOpeningThatFailsFailsOneRequestWhereOthersMayStillBeServed() {
        var line = line(max: 2, requests: 1...4)
        let wire = Wire()
        _ = steps(&line)
        line.opened(wire, now: .now())
        #expect(steps(&line) == ([1], 0))
        #expect(line.failedToOpen() == [2])
        #expect(steps(&line) == ([], 1))
        line.ended(wire)
        // Nobody is left that 3 and 4 could wait for.
        #expect(line.failedToOpen() == [3, 4])
        #expect(line.isEmpty)
    }

    @Test func aConnectionThatEndsIsReplacedForThoseThatWait() {
        var line = line(max: 1, requests: 1...2)
        let wire = Wire()
        _ = steps(&line)
        line.opened(wire, now: .now())
        _ = steps(&line)
        line.ended(wire)
        #expect(steps(&line) == ([], 1))
        line.finished(wire, now: .now())
        #expect(line.connections.isEmpty)
    }

    @Test func whoIsGivenUpWaitsNoMore() {
        var line = line(max: 1, requests: 1...4)
        #expect(line.removeWaiting { $0.isMultiple(of: 2) } == [2, 4])
        #expect(Array(line.waiting) == [1, 3])
        #expect(line.removeWaiting { $0 > 9 }.isEmpty)
    }
}
