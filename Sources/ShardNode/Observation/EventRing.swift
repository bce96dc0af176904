import NIOCore
import ShardCore
import ShardWire

/// The newest events of a node, numbered from 1; the oldest are forgotten first.
struct EventRing {
    static let countMax = 10_000
    static let pageMax = 1_000

    private var events = CircularBuffer<ClusterEvent>()
    private(set) var lastSequence: UInt64 = 0

    mutating func append(
        _ kind: Occurrence.Kind, of subject: NodeAddress, _ text: String, by node: NodeAddress, milliseconds: UInt64
    ) {
        if events.count == Self.countMax { events.removeFirst() }
        lastSequence += 1
        events.append(
            ClusterEvent(
                sequence: lastSequence, milliseconds: milliseconds, kind: kind, node: subject, text: text,
                recordedBy: node))
    }

    /// Up to ``pageMax`` events after the one numbered `sequence`, oldest first.
    func page(after sequence: UInt64, incarnation: UInt64) -> EventPage {
        let forgotten = lastSequence - UInt64(events.count)
        let skipped = sequence > forgotten ? min(sequence - forgotten, UInt64(events.count)) : 0
        return EventPage(
            incarnation: incarnation, events: Array(events.dropFirst(Int(skipped)).prefix(Self.pageMax)),
            isTruncated: sequence < forgotten)
    }
}
