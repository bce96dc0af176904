import Wording

extension Topology {
    /// Something wrong with the cluster, in words.
    public struct Problem: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case uncovered, doublyOwned, halfOpen, open, failed, suspected, handshake, noAddress, disagreement
            case leftOpen

            /// The advice to an operator.
            public var advice: String {
                switch self {
                case .uncovered: "start the node again that had them; where it is lost, give them to another"
                case .doublyOwned, .halfOpen, .open, .leftOpen:
                    "'shardtop repair' finishes the move, or puts the slots back"
                case .failed: "start it again; where it is gone for good, remove it and add another"
                case .suspected: "wait some seconds: it answers again, or is taken for failed"
                case .handshake: "wait; where it lasts, look whether the nodes reach each other's cluster ports"
                case .noAddress: "start it again, or remove it"
                case .disagreement: "wait some seconds; where it lasts, look at the network between them"
                }
            }
        }

        public let kind: Kind
        /// The node that it is about; nil if it is about slots.
        public let node: NodeID?
        /// The words in a few columns: "12 slots uncovered".
        public let short: String
        /// The whole words, without a full stop.
        public let words: String

        /// Whether keys cannot be served, or may be lost by the next mistake, because of it.
        public var isGrave: Bool {
            switch kind {
            case .uncovered, .doublyOwned, .halfOpen, .failed: true
            case .open, .suspected, .handshake, .noAddress, .disagreement, .leftOpen: false
            }
        }
    }

    /// All problems, the grave ones first.
    public var problems: [Problem] { slotProblems + nodeProblems + disagreements.map(problem) }

    /// The most half-open slots that are told one by one; more are only counted.
    private static let halfOpenMax = 5

    private var slotProblems: [Problem] {
        var found: [Problem] = []
        if !uncovered.isEmpty {
            found.append(problem(.uncovered, uncovered, "uncovered", "belongs to nobody", "belong to nobody"))
        }
        if !doublyOwned.isEmpty {
            found.append(problem(.doublyOwned, doublyOwned, "claimed twice", "is claimed twice", "are claimed twice"))
        }
        var whole: [Opening.End: SlotSet] = [:]
        var halfOpen: [HashSlot] = []
        for (slot, opening) in openSlots.sorted(by: { $0.key < $1.key }) {
            if opening.isWhole {
                whole[opening.migrating[0], default: SlotSet()].insert(slot)
            } else {
                halfOpen.append(slot)
            }
        }
        for slot in halfOpen.prefix(Self.halfOpenMax) {
            guard let opening = openSlots[slot] else { continue }
            let words = halfOpenWords(slot, opening)
            found.append(Problem(kind: .halfOpen, node: nil, short: "slot \(slot) half open", words: words))
        }
        let rest = SlotSet(halfOpen.dropFirst(Self.halfOpenMax))
        if !rest.isEmpty { found.append(problem(.halfOpen, rest, "half open", "is half open", "are half open")) }
        for (end, slots) in whole.sorted(by: { ($0.key.node, $0.key.other) < ($1.key.node, $1.key.other) }) {
            let way = " from \(name(of: end.node)) to \(name(of: end.other))"
            found.append(problem(.open, slots, "open", "is open" + way, "are open" + way))
        }
        for (replica, slots) in leftOpen.sorted(by: { $0.key < $1.key }) {
            let still = "still open in the eyes of \(name(of: replica)), a replica, and of no primary"
            found.append(problem(.leftOpen, slots, "left open", "is " + still, "are " + still))
        }
        return found
    }

    private func problem(
        _ kind: Problem.Kind, _ slots: SlotSet, _ short: String, _ ofOne: String, _ ofMore: String
    ) -> Problem {
        Problem(
            kind: kind, node: nil, short: "\(Figures.plural(slots.count, "slot")) \(short)",
            words: slots.saying(ofOne, ofMore))
    }

    private func halfOpenWords(_ slot: HashSlot, _ opening: Opening) -> String {
        let from = opening.migrating.map { "\(name(of: $0.node)) gives it to \(name(of: $0.other))" }
        let to = opening.importing.map { "\(name(of: $0.node)) takes it from \(name(of: $0.other))" }
        let missing = from.isEmpty ? "nobody gives it" : to.isEmpty ? "nobody takes it" : nil
        return "slot \(slot) is half open: "
            + ((from + to).prefix(4) + (missing.map { [$0] } ?? [])).joined(separator: ", ")
    }

    private var nodeProblems: [Problem] {
        nodes.values.sorted { $0.id < $1.id }.compactMap { node in
            let name = name(of: node.id)
            if node.isFailed {
                return Problem(kind: .failed, node: node.id, short: "\(name) failed", words: "\(name) has failed")
            }
            if !node.suspectedBy.isEmpty {
                let who = Disagreement.list(node.suspectedBy.map(self.name(of:)))
                return Problem(
                    kind: .suspected, node: node.id, short: "\(name) suspected",
                    words: "\(name) may have failed: not reached by \(who)")
            }
            if node.isInHandshake {
                return Problem(
                    kind: .handshake, node: node.id, short: "\(name) handshake",
                    words: "\(name) is being met and has not answered")
            }
            if node.address == nil, node.endpoint.port == nil {
                return Problem(
                    kind: .noAddress, node: node.id, short: "\(name) no address",
                    words: "nobody knows the address of \(name)")
            }
            return nil
        }
    }

    private func problem(_ disagreement: Disagreement) -> Problem {
        let node: NodeID? =
            switch disagreement.subject {
            case .owner: nil
            case .role(let node, _), .unknown(let node), .failed(let node, _): node
            }
        return Problem(kind: .disagreement, node: node, short: "nodes disagree", words: disagreement.words(self))
    }
}
