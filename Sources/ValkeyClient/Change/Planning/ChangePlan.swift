import ClusterModel
import Wording

/// The work for a goal, in order: tasks before, the moves, tasks after.
struct ChangePlan: Sendable, Hashable {
    /// Something about the members of the cluster.
    enum Task: Sendable, Hashable {
        /// Everyone gets to know it.
        case meet(ServerAddress)
        /// A replica forgets whom it copied and what it copied, and is a primary without slots that everyone knows.
        case free(node: NodeID, ServerAddress)
        case replicate(node: NodeID, ServerAddress, of: NodeID)
        /// Everyone forgets it.
        case forget(node: NodeID, ServerAddress?)
        case failover(replica: NodeID, ServerAddress, Goal.Failover)
    }

    let goal: Goal
    /// The kind of change: "reshard".
    let name: String
    var fromShardCount: Int?
    var toShardCount: Int?
    var before: [Task] = []
    var moves: [SlotMove] = []
    var after: [Task] = []
    var steps: [String] = []
    var warnings: [String] = []
    var unpromised: [String] = []
    /// The primary that a node becomes a replica of once it is met; nil if it stays a primary.
    var replicaOf: NodeID?

    init(_ goal: Goal, name: String) {
        self.goal = goal
        self.name = name
    }

    var isEmpty: Bool { before.isEmpty && moves.isEmpty && after.isEmpty }
    var slotCount: Int { moves.reduce(0) { $0 + $1.slots.count } }
}

extension ChangePlan {
    /// The same for who is to decide whether it is done.
    func model(on board: Board) -> Plan {
        let board = board.freeing(before)
        let isByKeys = moves.contains { (board.keys(in: $0.slots) ?? 0) > 0 }
        var plan = Plan(
            name: name, fromShardCount: fromShardCount, toShardCount: toShardCount, shards: plannedShards(board),
            pairs: pairs(board, isByKeys: isByKeys), unit: isByKeys ? "key" : "slot")
        plan.steps = steps
        plan.warnings = warnings
        plan.unpromised = unpromised
        return plan
    }

    /// The slots of every side once all moves are made.
    func slotsAfter(_ board: Board) -> [NodeID: SlotSet] {
        var slots = Dictionary(uniqueKeysWithValues: board.sides.map { ($0.id, $0.slots) })
        for move in moves {
            slots[move.from]?.subtract(move.slots)
            slots[move.to, default: SlotSet()].formUnion(move.slots)
        }
        return slots
    }

    private func plannedShards(_ board: Board) -> [Plan.PlannedShard] {
        let after = slotsAfter(board)
        return board.sides.compactMap { side in
            guard let slots = after[side.id], !slots.isEmpty else { return nil }
            return Plan.PlannedShard(
                id: side.shard, members: ([side.address] + side.replicas.map(\.address)).map { MemberID("\($0)") },
                keys: amount(of: side, board, having: board.keys(of: side)) { board.keys(in: $0.slots) },
                slots: slots.count, bytes: bytesAfter(of: side, board).map { UInt64(max(0, $0)) })
        }.sorted { $0.id < $1.id }
    }

    /// Bytes of a side's data once all moves are made; nil if somebody does not tell.
    func bytesAfter(of side: Board.Side, _ board: Board) -> Int? {
        amount(of: side, board, having: side.bytes) { move in
            board.side(move.from).flatMap { board.bytes(in: move.slots, on: $0) }
        }
    }

    /// The amount of something on a side, less the part that leaves it, and with the part that comes; nil if one is
    /// not known.
    private func amount(
        of side: Board.Side, _ board: Board, having: Int?, _ moved: (SlotMove) -> Int?
    ) -> Int? {
        guard var amount = having else { return nil }
        for move in moves where move.from == side.id || move.to == side.id {
            guard let part = moved(move) else { return nil }
            amount += move.to == side.id ? part : -part
        }
        return amount
    }

    private func pairs(_ board: Board, isByKeys: Bool) -> [Change.Pair] {
        func count(_ slots: SlotSet) -> Int { isByKeys ? board.keys(in: slots) ?? 0 : slots.count }
        var pairs: [Change.Pair] = []
        for side in board.sides {
            let leaving = moves.filter { $0.from == side.id }
            let staying = leaving.reduce(side.slots) { $0.subtracting($1.slots) }
            if !staying.isEmpty {
                let left = leaving.reduce(board.keys(of: side) ?? 0) { $0 - count($1.slots) }
                let planned = isByKeys ? max(0, left) : staying.count
                pairs.append(.init(from: side.shard, to: side.shard, planned: planned))
            }
            for move in leaving {
                guard let target = board.side(move.to) else { continue }
                var pair = Change.Pair(from: side.shard, to: target.shard, planned: count(move.slots))
                pair.bytes = 0
                pair.note = note(move, from: side, board, isByKeys: isByKeys)
                pairs.append(pair)
            }
        }
        return pairs
    }

    private func note(_ move: SlotMove, from side: Board.Side, _ board: Board, isByKeys: Bool) -> String {
        var words = isByKeys ? [Figures.plural(move.slots.count, "slot")] : []
        if let bytes = board.bytes(in: move.slots, on: side), bytes > 0 {
            words.append("about \(Figures.bytes(bytes))")
        }
        return words.joined(separator: ", ")
    }
}

extension Board {
    /// With the replicas that are to be primaries among the sides.
    func freeing(_ tasks: [ChangePlan.Task]) -> Board {
        var board = self
        for case .free(let node, let address) in tasks {
            for index in board.sides.indices { board.sides[index].replicas.removeAll { $0.id == node } }
            // Its shard is named anew once it is one; until then the beginning of its own name will do.
            let shard = ShardID(text: String(node.description.prefix(4))) ?? 0
            board.sides.append(Side(id: node, address: address, shard: shard, slots: SlotSet(), keys: 0, bytes: 0))
        }
        return board
    }
}
