/// The counts of one slot at a server, in its answer to `CLUSTER SLOT-STATS`. Only the keys are counted always; the
/// rest is nil unless `cluster-slot-stats-enabled` is set.
public struct SlotStatistics: Hashable, Sendable {
    public let slot: HashSlot
    public let keys: UInt64
    /// Since it began to count.
    public let processorMicroseconds: UInt64?
    public let bytesIn: UInt64?
    public let bytesOut: UInt64?

    /// Nil if it is no such answer.
    public static func list(_ reply: RESPValue) -> [SlotStatistics]? {
        reply.elements?.prefix(HashSlot.count).compactMap { entry in
            guard let pair = entry.elements, pair.count == 2, let fields = pair[1].fields,
                let slot = pair[0].integer.flatMap({ Int(exactly: $0) }).flatMap(HashSlot.init)
            else { return nil }
            func count(_ name: String) -> UInt64? { fields[name]?.integer.flatMap { UInt64(exactly: $0) } }
            return SlotStatistics(
                slot: slot, keys: count("key-count") ?? 0, processorMicroseconds: count("cpu-usec"),
                bytesIn: count("network-bytes-in"), bytesOut: count("network-bytes-out"))
        }
    }
}
