extension Dealing {
    /// Moves slots so that what they cost together, in keys or bytes, is near to each side's share. A slot is never
    /// cut, so one that costs more than a share stays too much.
    ///
    /// - Parameters:
    ///   - costs: of each of the 16,384 slots.
    ///   - least: the part of a mean share that is worth a move.
    static func byCost(_ hands: [Hand], costs: [Int], least: Double = 0.002) -> [SlotMove] {
        let have = hands.map { hand in hand.slots.reduce(0) { $0 + costs[$1.number] } }
        let all = have.reduce(0, +)
        let shares = hands.reduce(0) { $0 + $1.share }
        guard shares > 0, all > 0 else { return [] }
        var over = hands.indices.map { Double(have[$0]) - Double(all) * hands[$0].share / shares }
        var kept = hands.map(\.slots)
        var moves: [SlotMove] = []
        let least = max(1, Double(all) / Double(hands.count) * least)
        // Each round settles a giver or a taker, or finds that nothing smaller than the difference is left to move.
        for _ in 0..<(2 * hands.count) {
            guard let giver = over.indices.max(by: { over[$0] < over[$1] }),
                let taker = over.indices.min(by: { over[$0] < over[$1] }), giver != taker
            else { break }
            let amount = min(over[giver], -over[taker])
            guard amount >= least, let slots = run(of: kept[giver], costing: amount, costs) else { break }
            let moved = Double(slots.reduce(0) { $0 + costs[$1.number] })
            guard abs(amount - moved) < amount else { break }
            kept[giver].subtract(slots)
            over[giver] -= moved
            over[taker] += moved
            moves.append(SlotMove(slots: slots, from: hands[giver].id, to: hands[taker].id))
        }
        return joined(moves)
    }

    /// Neighbouring slots of the set that cost about so much, the fewest of all such.
    private static func run(of slots: SlotSet, costing amount: Double, _ costs: [Int]) -> SlotSet? {
        let slots = slots.filter { costs[$0.number] > 0 }
        let near = max(1, amount / 200)
        var best: (error: Double, count: Int, range: Range<Int>)?
        var (end, sum) = (0, 0)
        func consider(_ range: Range<Int>, _ sum: Int) {
            guard !range.isEmpty else { return }
            // What is near enough is as good as what is nearer, if it is fewer slots.
            let error = (abs(amount - Double(sum)) / near).rounded(.down)
            if let best, (best.error, best.count) <= (error, range.count) { return }
            best = (error, range.count, range)
        }
        for start in slots.indices {
            while end < slots.count, Double(sum) < amount {
                sum += costs[slots[end].number]
                end += 1
            }
            consider(start..<end, sum)
            if end > start { consider(start..<(end - 1), sum - costs[slots[end - 1].number]) }
            if end == start { end += 1 } else { sum -= costs[slots[start].number] }
        }
        return best.map { SlotSet(slots[$0.range]) }
    }

    /// Of the same pair one move.
    private static func joined(_ moves: [SlotMove]) -> [SlotMove] {
        var joined: [SlotMove] = []
        for move in moves {
            if let place = joined.firstIndex(where: { $0.from == move.from && $0.to == move.to }) {
                joined[place].slots.formUnion(move.slots)
            } else {
                joined.append(move)
            }
        }
        return joined
    }
}
