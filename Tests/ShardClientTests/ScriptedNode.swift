import BasicNodes
import Foundation
import ShardClient
import ShardCore
import ShardWire
import Synchronization

/// What scripted shardnodes tell; changed by a test while they run.
final class Script: Sendable {
    struct State {
        var incarnation: UInt64 = 1
        var events: [ClusterEvent] = []
        var reshard: [NodeAddress: ReshardProgress] = [:]
        var peers: [NodeAddress] = []
        /// A node that is down, and in no shard.
        var spare: NodeAddress?
        var stateAnswer: (status: Int, json: String)?
        var other: [String: (status: Int, json: String)] = [:]
    }

    let state = Mutex(State())

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func record(_ text: String, by node: NodeAddress, milliseconds: UInt64) {
        change { state in
            let event = ClusterEvent(
                sequence: UInt64(state.events.count + 1), milliseconds: milliseconds, kind: .nodeUp, node: node,
                text: text, recordedBy: node)
            state.events.append(event)
        }
    }

    func start() async throws -> BasicNode {
        try await BasicNode.scripted { [self] method, path, node in
            state.withLock { $0.answer(method, path, NodeAddress(node)!) }
        }
    }
}

extension Script.State {
    fileprivate func answer(_ method: String, _ path: String, _ node: NodeAddress) -> (status: Int, json: String)? {
        if let answer = other["\(method) \(path)"] { return answer }
        if path == "/shardnode/v1/state" { return stateAnswer ?? (200, json(nodeState(node))) }
        guard path.hasPrefix("/shardnode/v1/events?after=") else { return nil }
        let after = UInt64(path.split(separator: "=").last ?? "") ?? 0
        let page = EventPage(
            incarnation: incarnation, events: events.filter { $0.sequence > after }, isTruncated: false)
        return (200, json(page))
    }

    private func nodeState(_ node: NodeAddress) -> NodeState {
        let status = ReplicaStatus(
            address: node, incarnation: incarnation, state: .serving, shard: 0, epoch: 1, seed: 0, placement: .hashed,
            shards: [peers],
            peers: peers.map { .init(address: $0, health: .up, shard: 0) }
                + (spare.map { [.init(address: $0, health: .down, shard: nil)] } ?? []),
            keys: 3, tombstones: 0, bytes: 9, heldWrites: 0, waitingRequests: 0, handOnEntries: 0)
        let process = ProcessState(id: 1, uptimeMilliseconds: 1, residentBytes: 1, cpuMicroseconds: 1, cpuShare: 0)
        return NodeState(
            version: "1", replica: status, traffic: Traffic(), process: process, reshard: reshard[node],
            lastEvent: UInt64(events.count))
    }

    private func json(_ value: some Encodable) -> String {
        String(decoding: try! JSONEncoder().encode(value), as: UTF8.self)
    }
}
