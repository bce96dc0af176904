/// A key and where its entry is, at the node that says so.
public struct SlotKey: Hashable, Sendable {
    /// Valid while that node takes part in the operation; at most ``slotMax``.
    public let slot: UInt32
    public let key: String
    /// The value's length; nil for a tombstone.
    public let valueBytes: Int?

    public static let slotMax: UInt32 = .max >> 1

    public init(slot: UInt32, key: String, valueBytes: Int?) {
        self.slot = slot
        self.key = key
        self.valueBytes = valueBytes
    }
}
