import ShardCore
import ShardWire

/// The fate of a lie that is told to a node.
enum LieFate: Sendable, Hashable {
    /// Beyond the bounds: nothing of it is taken in.
    case refused
    /// Within the bounds: it may do what it says.
    case within
    /// Beyond the bounds, and it changed something all the same.
    case believed(String)
}

extension SimulatedCluster {
    /// Returns what a lie would do at a node; changes nothing.
    ///
    /// - Parameter isCompared: true to compare the whole state before and after, which takes long.
    func judge(_ envelope: Envelope, at node: NodeAddress, isCompared: Bool) -> LieFate {
        look(at: node) { replica -> LieFate in
            guard envelope.from != node, let objection = replica.objection(to: envelope) else { return .within }
            let (now, from) = (replica.lastInstant, node)
            var after = replica
            let said = Self.told(after.handle(.message(envelope), now: now))
            guard isCompared || !said.isEmpty else { return .refused }
            // An event that does nothing itself; work that earlier events left over goes on with it.
            var before = replica
            let ownWord = Envelope(from: from, cluster: nil, incarnation: 0, epoch: 0, timestamp: 0, message: .leaving)
            guard Self.told(before.handle(.message(ownWord), now: now)) == said else {
                return .believed("\(objection) is wrong, and it is answered")
            }
            guard isCompared else { return .refused }
            let isSame = String(reflecting: after.withoutRefusals) == String(reflecting: before.withoutRefusals)
            return isSame ? .refused : .believed("\(objection) is wrong, and the node is another one after it")
        } ?? .within
    }

    /// Returns all directives as text, except those that only tell operators something.
    private static func told(_ directives: [Directive]) -> [String] {
        directives.compactMap { if case .record = $0 { nil } else { "\($0)" } }
    }
}
