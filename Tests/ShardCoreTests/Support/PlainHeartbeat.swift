@testable import ShardCore

extension Heartbeat {
    /// One that says nothing but its number and in which state its node is.
    static func plain(_ count: UInt64, _ state: ServingState) -> Heartbeat {
        Heartbeat(
            count: count, heard: nil, state: state, wallMicroseconds: 0, vector: VersionVector(), handedOn: nil,
            isOutsideChanges: false, nodes: [], wantsReply: false)
    }
}
