/// Holds the coordinator back: to so many keys a second where a limit is set, and to a step at a time where a presenter
/// leads.
struct Pacer: Sendable {
    /// The keys of a step where no limit in keys a second says how much can be followed.
    private static let keysPerStep = 2_048

    let keysPerSecondMax: Int?
    /// Keys that may be worked on before the next step is asked for; nil if the change goes on by itself.
    private var credit: Int?
    private var spent = 0
    private var startedMicroseconds: UInt64

    init(keysPerSecondMax: Int?, isStepped: Bool = false, now: Instant) {
        self.keysPerSecondMax = keysPerSecondMax
        credit = isStepped ? 0 : nil
        startedMicroseconds = now.monotonicMicroseconds
    }

    var isStepped: Bool { credit != nil }
    /// True if nothing may be done before the next step.
    var isHeld: Bool { credit.map { $0 <= 0 } ?? false }

    /// A new phase starts with nothing saved up.
    mutating func restart(now: Instant) {
        spent = 0
        startedMicroseconds = now.monotonicMicroseconds
        if isStepped { credit = 0 }
    }

    /// Allows one batch more; what the limit would have earned meanwhile is not made up for.
    mutating func step(now: Instant) {
        restart(now: now)
        credit = keysPerSecondMax ?? Self.keysPerStep
    }

    mutating func setStepped(_ isStepped: Bool, now: Instant) {
        guard isStepped != self.isStepped else { return }
        credit = isStepped ? 0 : nil
        restart(now: now)
    }

    /// The number of keys that may be worked on now; 0 if the limit or the presenter says to wait.
    func allowance(now: Instant) -> Int {
        let allowed = max(0, credit ?? .max)
        guard let limit = keysPerSecondMax else { return allowed }
        let earned = Double(now.monotonicMicroseconds - startedMicroseconds) * Double(limit) / 1_000_000
        return max(0, min(Int(earned) - spent, max(1, limit / 20), allowed))
    }

    mutating func spend(_ keys: Int) {
        spent += keys
        if let credit { self.credit = credit - keys }
    }

    /// The time until it looks again.
    var waitMicroseconds: UInt64 { keysPerSecondMax == nil && !isStepped ? 0 : 20_000 }
}
