import Testing

@testable import TopCommand

/// How many puts a load has under way.
@Suite(.timeLimit(.minutes(10))) struct LoadWindowTests {
    private let start = ContinuousClock.now
    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    /// The window after so many answers, each of which took so long.
    private func after(_ count: Int, milliseconds: UInt64, max: Int = 64) -> LoadWindow {
        var window = LoadWindow(max: max)
        for index in 0..<count {
            window.answered(began: at(index), microseconds: milliseconds * 1_000, now: at(index + Int(milliseconds)))
        }
        return window
    }

    @Test func `it begins with one, and quick answers open it up to the bound at once`() {
        #expect(LoadWindow(max: 64).size == 1)
        #expect(after(1, milliseconds: 3).size == 2)
        #expect(after(63, milliseconds: 3).size == 64)
        #expect(after(200, milliseconds: 3).size == 64)
        #expect(after(200, milliseconds: 3, max: 4).size == 4)
    }

    @Test func `nodes that are far away are quick by their own measure`() {
        #expect(after(63, milliseconds: 300).size == 64)
    }

    @Test func `it grows no more where answers take longer the more are under way`() {
        var window = LoadWindow(max: 64)
        // One at a time, 40 ms each.
        for index in 0..<200 {
            window.answered(began: at(index * 40), microseconds: UInt64(window.size) * 40_000, now: at(index * 40 + 40))
        }
        #expect((4...5).contains(window.size))
    }

    @Test func `a put without an answer halves it, and those beside it do not halve it again`() {
        var window = after(63, milliseconds: 3)
        window.shrink(began: at(100), now: at(8_100))
        #expect(window.size == 32)
        window.shrink(began: at(150), now: at(8_150))
        #expect(window.size == 32)
        window.shrink(began: at(8_200), now: at(16_200))
        #expect(window.size == 16)
        for round in 0..<9 { window.shrink(began: at(20_000 + round), now: at(20_001 + round)) }
        #expect(window.size == 1)
    }

    @Test func `a slow answer halves it too`() {
        var window = after(63, milliseconds: 3)
        window.answered(began: at(100), microseconds: 700_000, now: at(800))
        #expect(window.size == 32)
    }

    /// Nodes that forward to each other, one thing at a time, stop for good at two.
    @Test func `where two at once prove too many it tries that ever more rarely`() {
        var window = LoadWindow(max: 64)
        var time = 0
        var answersBetween: [Int] = []
        for _ in 0..<6 {
            var answers = 0
            while window.size == 1 {
                window.answered(began: at(time), microseconds: 2_000, now: at(time + 2))
                time += 2
                answers += 1
            }
            answersBetween.append(answers)
            window.shrink(began: at(time), now: at(time + 8_000))
            time += 8_001
        }
        #expect(answersBetween == [1, 1, 2, 4, 8, 16])
    }
}
