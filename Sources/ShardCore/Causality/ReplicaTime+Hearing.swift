/// Timestamps that clients' contexts and other nodes name.
extension ReplicaTime {
    private var wallMicroseconds: UInt64 { wall.microseconds(at: now) }

    /// False for a timestamp that is too far ahead to be followed: it may be a lie, or come of clocks that this node has
    /// not heard of yet.
    func mayFollow(_ timestamp: UInt64, of source: TimestampSource) -> Bool {
        clock.isPlausible(timestamp, wallMicroseconds: wallMicroseconds, beyondBy: budget(of: source).left(now))
    }

    /// True for a timestamp that nothing but a forgery explains.
    func isForged(_ timestamp: UInt64) -> Bool { clock.isForged(timestamp, wallMicroseconds: wallMicroseconds) }

    /// Makes every later timestamp go above this one, as far as may be.
    mutating func follow(_ timestamp: UInt64, of source: TimestampSource) {
        let free = clock.reach(wallMicroseconds: wallMicroseconds)
        let step = min(timestamp > free ? timestamp - free : 0, budget(of: source).left(now))
        if step > 0 { spend(step, of: source) }
        clock.observe(min(timestamp, free.saturating(adding: step)))
    }
}
