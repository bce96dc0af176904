import ClusterModel
import Synchronization

/// Translations that are made already and still hold: of 500 shards few change from one look to the next.
final class TranslationCache: Sendable {
    /// The sources that a member was made of.
    struct Stamp: Hashable {
        let topology: Int
        let record: Revision?
        /// Of a replica's primary, which its lag is counted from.
        let primary: Revision?
    }

    /// The record that was used, and the number of its changes until then.
    struct Revision: Hashable {
        let key: ServerAddress
        let number: Int

        init(_ record: ServerRecord) { (key, number) = (record.key, record.revision) }
    }

    /// The sources that the strip was made of.
    struct Strip: Hashable {
        let frame: Frame
        let moving: [NodeID: SlotSet]
        let heat: [Int: Double]
    }

    /// The sources that a frame was made of. Names change without the topology when servers tell of their shards.
    struct Frame: Hashable {
        let topology: Int
        let names: ShardNames
    }

    private struct State {
        var frame: (of: Frame, frame: ClusterFrame)?
        /// Of the frame's shards alone.
        var shards: [ShardID: (stamps: [Stamp], shard: Shard)] = [:]
        var strip: (of: Strip, slots: SlotMap)?
    }

    private let state = Mutex(State())

    func frame(_ frame: Frame, make: () -> ClusterFrame) -> ClusterFrame {
        if let known = state.withLock({ $0.frame }), known.of == frame { return known.frame }
        let made = make()
        state.withLock { state in
            state.frame = (frame, made)
            state.shards = [:]
        }
        return made
    }

    func shard(_ id: ShardID, _ stamps: [Stamp], make: () -> Shard) -> Shard {
        if let known = state.withLock({ $0.shards[id] }), known.stamps == stamps { return known.shard }
        let shard = make()
        state.withLock { $0.shards[id] = (stamps, shard) }
        return shard
    }

    func strip(_ strip: Strip, make: () -> SlotMap) -> SlotMap {
        if let known = state.withLock({ $0.strip }), known.of == strip { return known.slots }
        let slots = make()
        state.withLock { $0.strip = (strip, slots) }
        return slots
    }
}

extension WatchReport {
    var stamp: TranslationCache.Frame { .init(topology: topologyNumber, names: shardNames) }
}
