import ClusterModel
import TerminalUI
import Testing

@testable import Dashboard

@MainActor
@Suite struct ReplayFilmTests {
    private let size = Size(width: 80, height: 24)

    private func frames(
        _ cut: ReplayFilm.Cut = .init(), isPresenting: Bool = false, every interval: UInt64 = 100
    ) async throws -> [(time: UInt64, canvas: Canvas)] {
        let film = ReplayFilm(
            try await RecordedFixture.recording(),
            look: .init(size: size, isPresenting: isPresenting, timeOfDay: .utc), cut: cut)
        var frames: [(time: UInt64, canvas: Canvas)] = []
        film.forEachFrame(everyMilliseconds: interval) { frames.append(($1, $0)) }
        return frames
    }

    /// The recording has 40 polls, a quarter of a second apart; the last of them was not shown.
    @Test func itPlaysFromTheFirstPollToTheEnd() async throws {
        let frames = try await frames()
        #expect(frames.first?.time == 0 && frames.last?.time == 9_750)
        #expect(frames.first?.canvas.text.contains("loading") == true)
        #expect(frames.last?.canvas.text.contains("ended") == true)
        #expect(frames.allSatisfy { $0.canvas.size == size })
    }

    @Test func noTwoFramesInARowAreTheSame() async throws {
        let frames = try await frames()
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.canvas.cells != $1.canvas.cells && $0.time < $1.time })
    }

    @Test func itIsTheSameEveryTime() async throws {
        let (one, other) = (try await frames(), try await frames())
        #expect(one.map(\.time) == other.map(\.time) && one.map(\.canvas.cells) == other.map(\.canvas.cells))
    }

    @Test(arguments: [(8 as UInt64, 4_875 as UInt64), (64, 610), (1, 39_000)])
    func itPlaysAtTheSpeedThatIsAskedFor(quarters: UInt64, end: UInt64) async throws {
        let frames = try await frames(.init(speedInQuarters: quarters))
        #expect(frames.last?.time == end)
        #expect(frames.last?.canvas.text.contains("ended") == true)
    }

    @Test func itIsCutWhereItIsAskedTo() async throws {
        let frames = try await frames(.init(fromMilliseconds: 5_000, toMilliseconds: 7_000))
        #expect(frames.first?.time == 0 && frames.count > 1)
        #expect(frames.allSatisfy { $0.time <= 2_000 })
        #expect(frames.first?.canvas.text.contains("0:05 / 0:09") == true)
        #expect(frames.allSatisfy { !$0.canvas.text.contains("ended") })
    }

    @Test func thePresentersViewIsFilmedToo() async throws {
        let frames = try await frames(isPresenting: true)
        #expect(frames.contains { $0.canvas.text.contains("READ  step 2 of 6") })
    }

    /// Nobody can press keys in it.
    @Test func keysAreNotNamed() async throws {
        let frames = try await frames(isPresenting: true) + frames()
        #expect(frames.allSatisfy { $0.canvas.line(23).isEmpty })
    }
}
