/// The order of batches, and a connection for each: pairs side by side, several batches of a pair at once, none in
/// another's way.
struct ClassicSchedule: Sendable {
    struct Batch: Sendable {
        let lane: Int
        let move: Int
        let slots: [HashSlot]
    }

    let moves: [PeerMove]
    private let keys: [Int]?
    private var waiting: [SlotSet]
    private var running: [Int: Batch] = [:]
    /// Targets without any slot. Nobody stands in for a primary without slots when it dies, so the first batch that goes
    /// there is a single slot, if possible without keys.
    private var bare: Set<NodeID>
    /// The slots that have changed hands, by move.
    private(set) var done: [SlotSet]
    /// The same in numbers, with the keys that were counted in them before.
    private(set) var counts: [(slots: Int, keys: Int)]
    private(set) var troubles: [MoveTrouble] = []
    /// Slots that must be looked at, and those of them of which the target had nothing before.
    private(set) var unsettled = SlotSet()
    private(set) var virgins = SlotSet()
    private let terms: MoveTerms
    var isEnding = false
    /// The limit that a pace sets; nil for none.
    var keysPerSecond: Int?

    /// Lane 0 is for those that only look.
    private static let lanes = 1..<16
    private static let keysMax = 4_000

    init(_ moves: [PeerMove], keys: [Int]?, bare: Set<NodeID>, terms: MoveTerms) {
        self.moves = moves
        self.keys = keys
        self.bare = bare
        self.terms = terms
        waiting = moves.map(\.slots)
        done = moves.map { _ in SlotSet() }
        counts = moves.map { _ in (0, 0) }
    }

    var isOver: Bool { running.isEmpty && (isEnding || waiting.allSatisfy(\.isEmpty)) }
    var runningCount: Int { running.count }

    /// Nil while nothing more may begin.
    mutating func next() -> Batch? {
        guard !isEnding, let lane = Self.lanes.first(where: { running[$0] == nil }) else { return nil }
        var load: [NodeID: Int] = [:]
        for batch in running.values {
            load[moves[batch.move].from.id, default: 0] += 1
            load[moves[batch.move].to.id, default: 0] += 1
        }
        func busy(_ move: Int) -> Int { max(load[moves[move].from.id] ?? 0, load[moves[move].to.id] ?? 0) }
        let free = moves.indices.filter { move in
            guard !waiting[move].isEmpty, busy(move) < terms.batchesAtOnce else { return false }
            // While the first slot is on its way to a bare target, the others wait.
            return !bare.contains(moves[move].to.id) || load[moves[move].to.id] == nil
        }
        guard let move = free.min(by: { (busy($0), -waiting[$0].count, $0) < (busy($1), -waiting[$1].count, $1) })
        else {
            return nil
        }
        let batch = Batch(lane: lane, move: move, slots: cut(move))
        for slot in batch.slots { waiting[move].remove(slot) }
        running[lane] = batch
        return batch
    }

    private func cut(_ move: Int) -> [HashSlot] {
        let slots = waiting[move]
        if bare.contains(moves[move].to.id) {
            let empty = keys.flatMap { keys in slots.first { keys[$0.number] == 0 } }
            return [empty ?? slots.first].compactMap { $0 }
        }
        let keysMax = min(Self.keysMax, max(1, keysPerSecond ?? Self.keysMax))
        var cut: [HashSlot] = []
        var sum = 0
        for slot in slots {
            sum += keys?[slot.number] ?? 10
            if !cut.isEmpty, sum > keysMax { break }
            cut.append(slot)
            if cut.count == terms.slotsEach { break }
        }
        return cut
    }

    mutating func ended(_ lane: Int, _ batch: ClassicBatch) {
        guard let entry = running.removeValue(forKey: lane) else { return }
        virgins.formUnion(batch.virgins)
        for slot in entry.slots {
            switch batch.fates[slot] {
            case .moved:
                done[entry.move].insert(slot)
                counts[entry.move].slots += 1
                counts[entry.move].keys += keys?[slot.number] ?? 0
                bare.remove(moves[entry.move].to.id)
            case .putBack(nil), .putBack(.aborted): waiting[entry.move].insert(slot)
            case .putBack(let trouble?): note(trouble, slot, moves[entry.move])
            case .open(let trouble):
                unsettled.insert(slot)
                note(trouble, slot, moves[entry.move])
            case .unknown(let error):
                unsettled.insert(slot)
                stop(.gone(error))
            case nil: unsettled.insert(slot)
            }
        }
    }

    private mutating func note(_ trouble: ClassicBatch.Trouble, _ slot: HashSlot, _ move: PeerMove) {
        switch trouble {
        case .full: stop(.full(move.to))
        case .notPermitted(let words): stop(.notPermitted(words))
        case .aborted: break
        // That is one slot's own; the others go on.
        case .differs, .tooLarge: tell(.stuck(slot, trouble))
        case .refused: stop(.stuck(slot, trouble))
        }
    }

    /// Nothing more begins.
    private mutating func stop(_ trouble: MoveTrouble) {
        isEnding = true
        tell(trouble)
    }

    private mutating func tell(_ trouble: MoveTrouble) {
        if troubles.count < 20, !troubles.contains(trouble) { troubles.append(trouble) }
    }
}
