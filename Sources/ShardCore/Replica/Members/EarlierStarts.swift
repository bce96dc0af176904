/// Starts of nodes that are known here by their writes alone.
///
/// An incarnation has to be above that of every earlier start, as only then is it known that the earlier one is over and
/// brings nothing more. Peers that heard it say so. But they may have died before that, while those that are left have
/// its name in what they keep: who has covered one of its writes, or holds what depends on one. Then what was lost of
/// that start would be waited for for ever. So who keeps such a name tells it to the node that is there now.
extension Replica {
    /// How many slots are looked through at a time; they take turns.
    private static let slotsPerLook = 4_000

    /// Not before this node has run for a silence: only then does it know that the start which it has not heard is silent.
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

    /// Of each node that is up the latest start that is named here, where that is above the one heard.
    private var startsAboveThoseHeard: [NodeAddress: UInt64] {
        var found: [NodeAddress: UInt64] = [:]
        func look(at origin: Origin) {
            let heard = origin.node == address ? incarnation : peers[origin.node]?.incarnation
            // What is further ahead no node believes.
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
