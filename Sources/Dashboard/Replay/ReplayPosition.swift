/// The orders that a replay takes.
public enum ReplayOrder: Equatable, Sendable {
    case pauseOrGoOn
    /// To the next poll, or to the one before; pauses.
    case stepForward, stepBack
    case scrub(seconds: Int)
    case toStart, toEnd
    case quicker, slower
    case loop
}

/// The position of a replay, and how it goes on. It reads no clock: the time that has passed comes in.
public struct ReplayPosition: Equatable, Sendable {
    /// The speeds to choose from, in quarters of the recorded speed.
    private static let speedsInQuarters: [UInt64] = [1, 2, 4, 8, 16, 32, 64]

    /// The times of the shown polls, since the first line; never descending, never empty.
    private let polls: [UInt64]
    /// From the first line to the last.
    public let durationMilliseconds: UInt64
    /// Since the first line.
    public private(set) var milliseconds: UInt64
    public private(set) var isPlaying = true
    public private(set) var isLooping = false
    private var speedStep = 2
    /// The rest of the passed time that is too short for a millisecond of the recording.
    private var quartersLeft: UInt64 = 0

    /// Begins at the first poll, playing.
    init(polls: [UInt64], durationMilliseconds: UInt64) {
        precondition(!polls.isEmpty && durationMilliseconds >= polls[polls.count - 1], "\(polls.count) polls")
        self.polls = polls
        self.durationMilliseconds = durationMilliseconds
        milliseconds = polls[0]
    }

    public var speedInQuarters: UInt64 { Self.speedsInQuarters[speedStep] }
    public var isAtEnd: Bool { milliseconds == durationMilliseconds }

    /// Lets time pass. The end is never leapt over: there the replay begins anew if it loops, and else stops.
    mutating func advance(byMilliseconds passed: UInt64) {
        guard isPlaying else { return }
        if isAtEnd, isLooping { return go(to: polls[0]) }
        let quarters = quartersLeft + passed * speedInQuarters
        quartersLeft = quarters % 4
        milliseconds += quarters / 4
        guard milliseconds >= durationMilliseconds else { return }
        go(to: durationMilliseconds)
        isPlaying = isLooping
    }

    mutating func obey(_ command: ReplayOrder) {
        switch command {
        case .pauseOrGoOn:
            if !isPlaying, isAtEnd { go(to: polls[0]) }
            isPlaying.toggle()
        case .stepForward:
            isPlaying = false
            go(to: polls.first { $0 > milliseconds } ?? durationMilliseconds)
        case .stepBack:
            isPlaying = false
            go(to: polls.last { $0 < milliseconds } ?? polls[0])
        case .scrub(let seconds):
            let distance = UInt64(seconds.magnitude) * 1_000
            go(to: seconds < 0 ? milliseconds - min(milliseconds, distance) : milliseconds + distance)
        case .toStart: go(to: polls[0])
        case .toEnd: go(to: durationMilliseconds)
        case .quicker: speedStep = min(speedStep + 1, Self.speedsInQuarters.count - 1)
        case .slower: speedStep = max(speedStep - 1, 0)
        case .loop: isLooping.toggle()
        }
    }

    /// Goes on from that time.
    mutating func skip(to milliseconds: UInt64) { go(to: milliseconds) }

    private mutating func go(to wanted: UInt64) {
        milliseconds = min(max(wanted, polls[0]), durationMilliseconds)
        quartersLeft = 0
    }
}
