/// Slots of entries that were taken in before they were covered; some may be covered by now.
struct UncoveredSlots: Sendable {
    private(set) var slots: [Int] = []
    /// The number from which on they are looked through.
    private var max = Self.least

    private static let least = 1_024

    /// - Returns: true if they are so many that they should be looked through.
    mutating func add(_ slot: Int) -> Bool {
        slots.append(slot)
        return slots.count >= max
    }

    /// After a look through them, or through the whole store.
    mutating func set(_ slots: [Int]) {
        self.slots = slots
        max = Swift.max(Self.least, slots.count * 2)
    }

    /// The same where nothing was looked through: the bound stays.
    mutating func replace(with slots: [Int]) { self.slots = slots }

    /// They are all looked through later, however many they are.
    mutating func letGrow() { max = .max }
}
