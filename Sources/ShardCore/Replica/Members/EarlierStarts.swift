/// Starts of nodes that are known here by their writes alone.
///
/// An incarnation has to be above that of every earlier start, as only then is it known that the earlier one is over
/// and brings nothing more. Usually peers that heard the earlier start say so. But they may have died before that,
/// while the nodes that are left still keep its name: they have covered one of its writes, or hold an entry that
/// depends on one. Then nodes would wait for ever for the lost writes of that start. So a node that keeps such a name
/// tells it to the node's present start.
extension Replica {
    /// How many slots are looked through at a time; they take turns.
    private static let slotsPerLook = 4_000

    /// Tells each node of its latest start that is known here, if that is above the one heard. Waits until this node
    /// has run for a silence: only then does it know that the start which it has not heard is silent.
    mutating func tellOfEarlierStarts() {
        let age = (now.monotonicMicroseconds - time.startedMicroseconds) / 1_000
        guard age >= configuration.silenceMillisecondsMax, !makes(.namedStartsAreNotTold) else { return }
        for (node, start) in startsAboveThoseHeard.sorted(by: { $0.key < $1.key }) {
            if node == address {
                receiveLaterStart(start, silentMilliseconds: age, from: node)
            } else {
                send(.laterStart(start, silentMilliseconds: age), to: node)
            }
        }
    }

    /// The latest start of each node that is named here, for nodes that are up and were heard only under a lower one.
    private var startsAboveThoseHeard: [NodeAddress: UInt64] {
        var found: [NodeAddress: UInt64] = [:]
        func look(at origin: Origin) {
            let heard = origin.node == address ? incarnation : peers[origin.node]?.incarnation
            // No node believes a start that is further ahead than this.
            guard let heard, isUp(origin.node), origin.incarnation > max(heard, found[origin.node] ?? 0),
                origin.incarnation <= heard.saturating(adding: Belief.startsAheadMax)
            else { return }
            found[origin.node] = origin.incarnation
        }
        func look(at vector: VersionVector) {
            for element in vector.elements { look(at: element.origin) }
        }
        look(at: vector)
        look(at: record.baseline)
        for batch in epochState.pending {
            look(at: batch.origin)
            look(at: batch.requires)
        }
        let slots = store.slots.indices
        let turn = Int(members.heartbeats.count / Self.heartbeatsPerNodeList)
        let first = turn % (slots.count / Self.slotsPerLook + 1) * Self.slotsPerLook
        for slot in slots.dropFirst(first).prefix(Self.slotsPerLook) where store.isHeld(slot) {
            look(at: store.slots.version(at: slot).dot.origin)
            look(at: store.slots.dependencies(at: slot))
        }
        return found
    }
}
