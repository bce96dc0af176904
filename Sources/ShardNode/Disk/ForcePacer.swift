/// Decides when a commit must be forced to the disk itself although nobody waits for that: as soon as the oldest commit
/// that only the operating system has is a second old. So a loss of power takes hardly more than the last second.
struct ForcePacer {
    static let microsecondsMax: UInt64 = 1_000_000

    private let intervalMicroseconds: UInt64
    /// The time at which the next commit must be forced; nil if the disk has everything.
    private(set) var dueMicroseconds: UInt64?

    init(intervalMicroseconds: UInt64 = ForcePacer.microsecondsMax) {
        self.intervalMicroseconds = intervalMicroseconds
    }

    func isDue(nowMicroseconds: UInt64) -> Bool { dueMicroseconds.map { $0 <= nowMicroseconds } ?? false }

    /// Notes that a commit succeeded. A forced commit takes all before it along.
    mutating func committed(isForced: Bool, beganMicroseconds: UInt64) {
        if isForced {
            dueMicroseconds = nil
        } else if dueMicroseconds == nil {
            dueMicroseconds = beganMicroseconds + intervalMicroseconds
        }
    }
}
