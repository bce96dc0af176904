extension Topology {
    /// Something wrong with the cluster, in words.
    public struct Problem: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case uncovered, doublyOwned, halfOpen, open, failed, suspected, handshake, noAddress, disagreement
        }

        public let kind: Kind
        /// Whom it is about; nil where it is about slots.
        public let node: NodeID?
        /// Without a full stop.
        public let words: String

        /// Whether keys cannot be served, or may be lost by the next mistake, because of it.
        public var isGrave: Bool {
            switch kind {
            case .uncovered, .doublyOwned, .halfOpen, .failed: true
            case .open, .suspected, .handshake, .noAddress, .disagreement: false
            }
        }
    }

    /// All that is wrong, the grave first.
    public var problems: [Problem] { slotProblems + nodeProblems + disagreements.map(problem) }

    private var slotProblems: [Problem] {
        var found: [Problem] = []
        if !uncovered.isEmpty {
            let words = uncovered.saying("belongs to nobody", "belong to nobody")
            found.append(Problem(kind: .uncovered, node: nil, words: words))
        }
        if !doublyOwned.isEmpty {
            let words = doublyOwned.saying("is claimed twice", "are claimed twice")
            found.append(Problem(kind: .doublyOwned, node: nil, words: words))
        }
        var whole: [Opening.End: SlotSet] = [:]
        for (slot, opening) in openSlots.sorted(by: { $0.key < $1.key }) {
            if opening.isWhole {
                whole[opening.migrating[0], default: SlotSet()].insert(slot)
            } else {
                found.append(Problem(kind: .halfOpen, node: nil, words: halfOpenWords(slot, opening)))
            }
        }
        for (end, slots) in whole.sorted(by: { ($0.key.node, $0.key.other) < ($1.key.node, $1.key.other) }) {
            let words = slots.saying("is open", "are open") + " from \(name(of: end.node)) to \(name(of: end.other))"
            found.append(Problem(kind: .open, node: nil, words: words))
        }
        return found
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
            if node.isFailed { return Problem(kind: .failed, node: node.id, words: "\(name) has failed") }
            if !node.suspectedBy.isEmpty {
                let who = Disagreement.list(node.suspectedBy.map(self.name(of:)))
                return Problem(kind: .suspected, node: node.id, words: "\(name) may have failed: not reached by \(who)")
            }
            if node.isInHandshake {
                return Problem(kind: .handshake, node: node.id, words: "\(name) is being met and has not answered")
            }
            if node.address == nil, node.endpoint.port == nil {
                return Problem(kind: .noAddress, node: node.id, words: "nobody knows the address of \(name)")
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
        return Problem(kind: .disagreement, node: node, words: disagreement.words(self))
    }
}
