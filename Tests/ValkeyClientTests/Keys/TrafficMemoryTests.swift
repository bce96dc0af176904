import Testing

@testable import ValkeyClient

@Suite struct TrafficMemoryTests {
    private let server = ServerAddress(host: "h", port: 1)
    private let start = ContinuousClock.now
    private var memory = TrafficMemory(lifeSeconds: 60)

    private mutating func write(_ value: String, mayComeTwice: Bool = false, at second: Int = 0) {
        memory.willWrite(value, to: "k")
        memory.wasWritten(value, to: "k", mayComeTwice: mayComeTwice, by: server, now: start + .seconds(second))
    }

    private mutating func isFine(_ value: String?, at second: Int = 1) -> Bool {
        memory.read(value, of: "k", from: server, now: start + .seconds(second)) == .fine
    }

    @Test mutating func `expects what was acknowledged last`() {
        #expect(isFine(nil))
        write("1")
        write("2")
        #expect(isFine("2"))
        guard
            case .wrong(let words, let since, let by) = memory.read(
                "1", of: "k", from: server, now: start + .seconds(5))
        else {
            Issue.record("an older value is wrong")
            return
        }
        #expect(words == "k holds '1' at h:1, where '2' was written")
        #expect(since == start + .seconds(1))
        #expect(by == server)
        // It is told once.
        #expect(isFine("1"))
        #expect(!isFine(nil))
    }

    @Test mutating func `takes what nobody answered for as possible at any time`() {
        write("1")
        memory.willWrite("2", to: "k")
        #expect(isFine("1") && isFine("2") && isFine("1"))
        write("3")
        #expect(isFine("2") && isFine("3"))
        #expect(!isFine("1"))
    }

    @Test mutating func `takes what went out twice as possible later`() {
        write("1", mayComeTwice: true)
        write("2")
        #expect(isFine("2") && isFine("1"))
    }

    @Test mutating func `misses no key whose time is over`() {
        write("1")
        #expect(isFine(nil, at: 60))
        #expect(!isFine(nil, at: 59))
    }
}

@Suite struct LatencyCountsTests {
    @Test func `tells shares within a tenth`() throws {
        var counts = LatencyCounts()
        #expect(counts.microseconds(permille: 500) == nil)
        for milliseconds in 1...1_000 { counts.add(.milliseconds(milliseconds)) }
        for (permille, microseconds) in [(500, 500_000.0), (990, 990_000), (999, 999_000)] {
            let told = Double(try #require(counts.microseconds(permille: permille)))
            #expect(told >= microseconds && told <= microseconds * 1.1, "\(permille): \(told)")
        }
        #expect(counts.microseconds(permille: 1_000) == 1_000_000)
        counts.add(.seconds(100_000))
        counts.add(.zero)
        #expect(counts.microseconds(permille: 1_000) == 100_000_000_000)
        var both = LatencyCounts()
        both.add(counts)
        both.add(counts)
        #expect(both.total == 2_004)
    }
}
