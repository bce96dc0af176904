/// How many slots the next job gets: so many that a job takes about half a second, so that ending one is cheap, progress is
/// true, and little time is spent on beginning and ending them.
struct JobSizer: Sendable {
    private(set) var slots = 512

    static let slotsMin = 16
    static let slotsMax = 4_096
    private static let quick = Duration.milliseconds(250)
    private static let slow = Duration.milliseconds(1_500)

    mutating func ended(after duration: Duration) {
        if duration < Self.quick { slots = min(Self.slotsMax, slots * 2) }
        if duration > Self.slow { slots = max(Self.slotsMin, slots / 2) }
    }

    /// The next slots of a set: no more keys than a pace lets go in a second, and at least one.
    func cut(_ slots: SlotSet, keys: [Int]?, keysPerSecond: Int?) -> SlotSet {
        let part = slots.first(self.slots)
        guard let keys, let keysPerSecond else { return part }
        var sum = 0
        var cut = SlotSet()
        for slot in part {
            sum += keys[slot.number]
            if !cut.isEmpty, sum > keysPerSecond { break }
            cut.insert(slot)
        }
        return cut
    }
}
