import ClusterModel
import Synchronization

/// What was translated before and is so still: of 1,000 nodes few change from one look to the next.
final class TranslationCache: Sendable {
    /// What a member was made of.
    struct Stamp: Hashable {
        let topology: Int
        let server: ServerAddress?
        let revision: Int
        /// Of a replica's primary, which its lag is counted from.
        let primaryRevision: Int
    }

    /// What the strip was made of.
    struct Strip: Hashable {
        let topology: Int
        let moving: [NodeID: SlotSet]
        let heat: [Int: Double]
    }

    private struct State {
        var members: [NodeID: (stamp: Stamp, member: Member)] = [:]
        var strip: (of: Strip, slots: SlotMap)?
    }

    private let state = Mutex(State())

    func member(_ id: NodeID, _ stamp: Stamp, make: () -> Member) -> Member {
        if let known = state.withLock({ $0.members[id] }), known.stamp == stamp { return known.member }
        let member = make()
        state.withLock { $0.members[id] = (stamp, member) }
        return member
    }

    func strip(_ strip: Strip, make: () -> SlotMap) -> SlotMap {
        if let known = state.withLock({ $0.strip }), known.of == strip { return known.slots }
        let slots = make()
        state.withLock { $0.strip = (strip, slots) }
        return slots
    }

    /// Forgets the nodes that are not there any more.
    func keep(_ nodes: some Collection<NodeID>) {
        state.withLock { state in
            guard state.members.count > nodes.count else { return }
            let nodes = Set(nodes)
            state.members = state.members.filter { nodes.contains($0.key) }
        }
    }
}
