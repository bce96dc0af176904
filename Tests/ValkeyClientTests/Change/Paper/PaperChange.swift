import ClusterModel
import PaperCluster

@testable import ValkeyClient

/// Changes of a paper cluster.
struct PaperChange: Sendable {
    let cluster: PaperCluster
    let changer: Changer
    let servers: Servers

    static func with(
        _ engine: PaperEngine, primaries: Int = 3, replicasEach: Int = 0, spares: Int = 0, login: ServerLogin = .open,
        _ body: @escaping @Sendable (PaperChange) async throws -> Void
    ) async throws {
        try await PaperCluster.with(engine, primaries: primaries, replicasEach: replicasEach, spares: spares) {
            cluster in
            try await Servers.with(login: login) { servers in
                try await body(
                    PaperChange(cluster: cluster, changer: Changer(calls: servers, login: login), servers: servers))
            }
        }
    }

    /// Shards are numbered as the nodes are.
    var ground: Changer.Ground {
        let addresses = cluster.addresses
        return Changer.Ground(calls: servers, seeds: addresses) { id, topology in
            ShardID(topology.nodes[id]?.address.flatMap { addresses.firstIndex(of: $0) } ?? 99)
        }
    }

    func plan(_ goal: Goal) async throws(ChangeError) -> Plan { try await changer.plan(goal, on: ground) }

    func perform(_ goal: Goal, seen plan: Plan? = nil) async throws(ChangeError) {
        try await changer.perform(goal, on: ground, seen: plan)
    }

    /// What came of the goal; nil where it was reached.
    func failure(_ goal: Goal, seen plan: Plan? = nil) async -> ChangeError? {
        do throws(ChangeError) {
            try await perform(goal, seen: plan)
            return nil
        } catch { return error }
    }

    /// A key in a slot, as many as are wanted, in the paper's own store.
    func put(keys count: Int, inSlotsOf node: Int, below bound: Int) -> [String] {
        cluster.change { state in
            var keys: [String] = []
            var number = 0
            while keys.count < count {
                let key = "key:\(number)"
                number += 1
                let slot = HashSlot(key: key).number
                guard slot < bound, state.owner(slot) == node else { continue }
                state.put(key, "value")
                keys.append(key)
            }
            return keys
        }
    }

    func calls(_ beginning: String...) -> [PaperCall] {
        cluster.change { $0.record ?? [] }.filter { $0.words.map { $0.uppercased() }.starts(with: beginning) }
    }

    func slots(_ node: Int) -> SlotSet { cluster.change { $0.nodes[node].slots } }

    var openSlots: Int { cluster.change { $0.nodes.reduce(0) { $0 + $1.migrating.count + $1.importing.count } } }
}
