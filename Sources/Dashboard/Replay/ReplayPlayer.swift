import ClusterModel

/// What a replay shows at one moment.
public struct ReplayMoment: Equatable, Sendable {
    /// A model that was fed what had been polled until then, and pressed no key.
    var watched: DashboardModel
    var position: ReplayPosition
}

/// Plays a recording: moves through it as real time passes, and as it is told.
@MainActor
public final class ReplayPlayer {
    private let recording: Recording
    private let realMilliseconds: () -> UInt64
    private var lastMilliseconds: UInt64
    private var position: ReplayPosition
    private var replayed: ReplayedModel

    public var name: String { recording.header.name }
    /// What was left out of the recording, in words; nil for nothing.
    var note: String? { recording.note }

    /// - Parameter realMilliseconds: a clock that only goes forward, from whenever.
    public init(_ recording: Recording, realMilliseconds: @escaping () -> UInt64 = ReplayPlayer.steadyMilliseconds()) {
        self.recording = recording
        self.realMilliseconds = realMilliseconds
        lastMilliseconds = realMilliseconds()
        position = recording.position
        replayed = ReplayedModel(recording)
    }

    /// The recording's clock, since 1970.
    var nowMilliseconds: UInt64 { recording.times[0] + position.milliseconds }

    /// Where it is by now.
    func moment() -> ReplayMoment {
        let now = realMilliseconds()
        position.advance(byMilliseconds: now - min(now, lastMilliseconds))
        lastMilliseconds = now
        replayed.move(toMilliseconds: nowMilliseconds)
        return ReplayMoment(watched: replayed.model, position: position)
    }

    var speedInQuarters: UInt64 { position.speedInQuarters }

    /// False where it is as quick, or as slow, as it can be.
    func isQuickened() -> Bool { changes { $0.obey(.quicker) } }
    func isSlowed() -> Bool { changes { $0.obey(.slower) } }

    private func changes(_ change: (inout ReplayPosition) -> Void) -> Bool {
        let before = speedInQuarters
        change(&position)
        return speedInQuarters != before
    }

    /// - Parameter milliseconds: since the first line.
    func skip(toMilliseconds milliseconds: UInt64) { position.skip(to: milliseconds) }

    func obey(_ command: ReplayOrder) -> ReplayMoment {
        _ = moment()
        position.obey(command)
        return moment()
    }

    /// Of this machine, from now on.
    public nonisolated static func steadyMilliseconds() -> () -> UInt64 {
        let start = ContinuousClock.now
        return {
            let passed = (ContinuousClock.now - start).components
            return UInt64(max(0, passed.seconds)) * 1_000 + UInt64(max(0, passed.attoseconds)) / 1_000_000_000_000_000
        }
    }
}

extension Recording {
    /// At its beginning.
    var position: ReplayPosition {
        ReplayPosition(
            polls: shown.map { times[$0] - times[0] }, durationMilliseconds: (times.last ?? times[0]) - times[0])
    }
}
