@testable import ShardCore

extension Replica {
    /// A member of `layout` that serves; the test is all other nodes.
    static func serving(
        _ node: NodeAddress, in layout: Layout, adjust: (inout ReplicaConfiguration) -> Void = { _ in }
    ) -> Replica {
        var configuration = ReplicaConfiguration(
            address: node, view: layout.members, shardCount: nil, incarnation: 1)
        adjust(&configuration)
        var replica = Replica(
            configuration: configuration, now: Instant(monotonicMicroseconds: 1, wallMicroseconds: 1))
        replica.inForce.enter(EpochRecord(layout: layout, baseline: VersionVector(), operation: nil))
        replica.state = .serving
        replica.members.identity.restore(.settled)
        return replica
    }
}

extension ClusterMark {
    /// Of a cluster that was founded long ago.
    static let settled = ClusterMark(id: ClusterID(settings: 1, draw: 1), standing: .settled)
}
