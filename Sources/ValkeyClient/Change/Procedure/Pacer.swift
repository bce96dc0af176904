/// Keeps moves to a number of keys a second, whoever makes them.
actor Pacer {
    /// Nil for no limit.
    private(set) var keysPerSecond: Int?
    /// When the keys that were let go are paid for.
    private var isPaidAt: ContinuousClock.Instant
    private let clock = ContinuousClock()

    init(keysPerSecond: Int? = nil) {
        self.keysPerSecond = keysPerSecond
        isPaidAt = clock.now
    }

    func set(keysPerSecond: Int?) {
        self.keysPerSecond = keysPerSecond
        isPaidAt = min(isPaidAt, clock.now.advanced(by: .seconds(1)))
    }

    /// Returns when so many keys may go. Looks up now and then, so that a new pace and the signal are heeded.
    func wait(keys: Int, unless signal: AbortSignal) async {
        guard keysPerSecond != nil else { return }
        while !signal.isRaised, keysPerSecond != nil, !Task.isCancelled {
            let left = clock.now.duration(to: isPaidAt)
            if left <= .zero { break }
            try? await Task.sleep(for: min(left, .milliseconds(100)))
        }
        guard let pace = keysPerSecond else { return }
        isPaidAt = max(isPaidAt, clock.now).advanced(by: .seconds(Double(keys) / Double(max(1, pace))))
    }
}
