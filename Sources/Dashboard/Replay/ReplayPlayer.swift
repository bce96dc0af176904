import ClusterModel

/// The state of a replay at one moment.
public struct ReplayMoment: Equatable, Sendable {
    /// A model that was fed all polls until then, and no keys.
    var watched: DashboardModel
    var position: ReplayPosition
}

/// Plays a recording: moves through it as real time passes, and by orders.
@MainActor
public final class ReplayPlayer {
    private let recording: Recording
    private let realMilliseconds: () -> UInt64
    private var lastMilliseconds: UInt64
    private var position: ReplayPosition
    private var replayed: ReplayedModel

    public var name: String { recording.header.name }
    /// A note on lines that were left out of the recording; nil for none.
    var note: String? { recording.note }

    /// - Parameter realMilliseconds: a clock that only goes forward, from any start.
    public init(_ recording: Recording, realMilliseconds: @escaping () -> UInt64 = ReplayPlayer.steadyMilliseconds()) {
        self.recording = recording
        self.realMilliseconds = realMilliseconds
        lastMilliseconds = realMilliseconds()
        position = recording.position
        replayed = ReplayedModel(recording)
    }

    /// The recording's clock, since 1970.
    var nowMilliseconds: UInt64 { recording.times[0] + position.milliseconds }

    /// Advances the replay to the present, and returns its state.
    func moment() -> ReplayMoment {
        let now = realMilliseconds()
        position.advance(byMilliseconds: now - min(now, lastMilliseconds))
        lastMilliseconds = now
        replayed.move(toMilliseconds: nowMilliseconds)
        return ReplayMoment(watched: replayed.model, position: position)
    }

    var speedInQuarters: UInt64 { position.speedInQuarters }

    /// Makes the replay quicker or slower; returns false if its speed is at the limit.
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

    /// A clock of this machine that starts now.
    public nonisolated static func steadyMilliseconds() -> () -> UInt64 {
        let start = ContinuousClock.now
        return {
            let passed = (ContinuousClock.now - start).components
            return UInt64(max(0, passed.seconds)) * 1_000 + UInt64(max(0, passed.attoseconds)) / 1_000_000_000_000_000
        }
    }
}

extension Recording {
    /// The position at the beginning.
    var position: ReplayPosition {
        ReplayPosition(
            polls: shown.map { times[$0] - times[0] }, durationMilliseconds: (times.last ?? times[0]) - times[0])
    }
}
