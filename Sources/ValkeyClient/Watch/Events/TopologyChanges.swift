import ClusterModel

/// Something that was seen to happen, before it has a time.
struct Sighting: Hashable, Sendable {
    var kind: Event.Kind
    var node: MemberID?
    var text: String
    /// The node that told of it; nil for this program.
    var by: MemberID?
}

/// The changes of a cluster between two looks at it.
enum TopologyChanges {
    static func sightings(from before: Topology, to now: Topology) -> [Sighting] {
        let ids = Set(before.nodes.keys).union(now.nodes.keys).sorted()
        return ids.flatMap { id -> [Sighting] in
            switch (before.nodes[id], now.nodes[id]) {
            case (let was?, let node?): changes(was, node, before, now)
            case (nil, let node?) where !node.isInHandshake:
                [sighting(.nodeAdded, node, now, "\(now.name(of: id)) is in the cluster" + role(node, now))]
            case (let was?, nil) where !was.isInHandshake:
                [
                    Sighting(
                        kind: .nodeRemoved, node: before.member(id), text: "\(before.name(of: id)) left the cluster",
                        by: now.viewers.first.map(now.member))
                ]
            default: []
            }
        }
    }

    private static func changes(
        _ was: Topology.Node, _ node: Topology.Node, _ before: Topology, _ now: Topology
    ) -> [Sighting] {
        let name = now.name(of: node.id)
        var found: [Sighting] = []
        if was.isInHandshake, !node.isInHandshake {
            found.append(sighting(.nodeAdded, node, now, "\(name) is in the cluster" + role(node, now)))
        }
        if !was.isFailed, node.isFailed {
            found.append(sighting(.nodeDown, node, now, "\(name) has failed: the cluster gave it up"))
        } else if was.isFailed, !node.isFailed {
            found.append(sighting(.nodeUp, node, now, "\(name) is back in the cluster"))
        } else if was.suspectedBy.isEmpty, let by = node.suspectedBy.first {
            found.append(
                Sighting(
                    kind: .warning, node: now.member(node.id), text: "\(name) may have failed: it is not reached",
                    by: now.member(by)))
        }
        return found + roleChanges(was, node, before, now)
    }

    private static func roleChanges(
        _ was: Topology.Node, _ node: Topology.Node, _ before: Topology, _ now: Topology
    ) -> [Sighting] {
        let name = now.name(of: node.id)
        switch (was.isReplica, node.isReplica) {
        case (true, false) where !node.slots.isEmpty:
            let from = was.primary.map { " from " + before.name(of: $0) } ?? ""
            let text = "\(name) took over\(from): it is the primary of \(node.slots.words)"
            return [sighting(.failover, node, now, text)]
        case (true, false):
            return [sighting(.memberAdded, node, now, "\(name) is a primary without slots now")]
        case (false, true), (true, true):
            guard was.isReplica != node.isReplica || was.primary != node.primary, let primary = node.primary else {
                return []
            }
            return [sighting(.memberAdded, node, now, "\(name) is a replica of \(now.name(of: primary)) now")]
        case (false, false): return []
        }
    }

    private static func role(_ node: Topology.Node, _ topology: Topology) -> String {
        guard node.isReplica else { return node.slots.isEmpty ? ", a primary without slots" : ", a primary" }
        return node.primary.map { ", a replica of " + topology.name(of: $0) } ?? ", a replica"
    }

    /// A node knows best itself what it does; of all else the first node that was asked tells.
    private static func sighting(
        _ kind: Event.Kind, _ node: Topology.Node, _ topology: Topology, _ text: String
    ) -> Sighting {
        let by = kind != .nodeDown && topology.viewers.contains(node.id) ? node.id : topology.viewers.first
        return Sighting(kind: kind, node: topology.member(node.id), text: text, by: by.map(topology.member))
    }
}

extension Topology {
    /// The name of a node on the screen.
    public func member(_ id: NodeID) -> MemberID { MemberID(name(of: id)) }

    /// The node that is called so.
    public func node(_ member: MemberID) -> Node? { nodes.values.first { name(of: $0.id) == member.text } }
}
