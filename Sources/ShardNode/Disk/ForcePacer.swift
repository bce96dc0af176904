/// When a commit must be forced to the disk itself although nobody waits for that: as soon as the first of those that only
/// the operating system has is a second old. What a loss of power takes is hardly older, then.
struct ForcePacer {
    static let microsecondsMax: UInt64 = 1_000_000

    private let intervalMicroseconds: UInt64
    /// When the next commit must be forced; nil where the disk has everything.
    private(set) var dueMicroseconds: UInt64?

    init(intervalMicroseconds: UInt64 = ForcePacer.microsecondsMax) {
        self.intervalMicroseconds = intervalMicroseconds
    }

    func isDue(nowMicroseconds: UInt64) -> Bool { dueMicroseconds.map { $0 <= nowMicroseconds } ?? false }

    /// A commit succeeded. One that is forced takes all before it along.
    mutating func committed(isForced: Bool, beganMicroseconds: UInt64) {
        if isForced {
            dueMicroseconds = nil
        } else if dueMicroseconds == nil {
            dueMicroseconds = beganMicroseconds + intervalMicroseconds
        }
    }
}
