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
            guard amount >= least, let slots = run(of: kept[giver], beside: kept[taker], costing: amount, costs)
            else { break }
            let moved = Double(slots.reduce(0) { $0 + costs[$1.number] })
            guard abs(amount - moved) < amount else { break }
            kept[giver].subtract(slots)
            kept[taker].formUnion(slots)
            over[giver] -= moved
            over[taker] += moved
            moves.append(SlotMove(slots: slots, from: hands[giver].id, to: hands[taker].id))
        }
        return joined(moves)
    }

    /// One piece more of the strip of slots is worth moving so many slots, if they cost nothing else.
    private static let slotsOfPiece = 256

    /// Slots of the set that follow one another and cost about so much, with those between them that cost nothing. Of all
    /// such those that leave both sides' slots in few pieces, and are few.
    private static func run(
        of slots: SlotSet, beside taker: SlotSet, costing amount: Double, _ costs: [Int]
    ) -> SlotSet? {
        let edges = Edges(of: Array(slots), beside: taker, costs)
        let slots = edges.slots
        let near = max(1, amount / 200)
        var best: (error: Double, price: Int, range: Range<Int>)?
        var (end, sum) = (0, 0)
        func consider(_ range: Range<Int>, _ sum: Int) {
            guard !range.isEmpty else { return }
            // A range that is near enough is as good as a nearer one, if it is less to do.
            let error = (abs(amount - Double(sum)) / near).rounded(.down)
            for range in [range, range.lowerBound..<edges.end(from: range.upperBound)] {
                let price = range.count + edges.pieces(range) * slotsOfPiece
                if let best, (best.error, best.price) <= (error, price) { continue }
                best = (error, price, range)
            }
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

    /// The pieces that a side's slots are in: where they would be cut when some of them go, and where these would meet
    /// the taker's slots.
    private struct Edges {
        let slots: [HashSlot]
        /// Sides of the slots before each place that the taker's slots are next to.
        private var meetings = [0]
        /// The end of the piece that a place is in, if nothing behind the place costs anything; else the place itself.
        private var ends: [Int]

        init(of slots: [HashSlot], beside taker: SlotSet, _ costs: [Int]) {
            self.slots = slots
            ends = Array(0...slots.count)
            for slot in slots {
                let neighbours = [slot.number - 1, slot.number + 1].compactMap { HashSlot($0) }
                meetings.append(meetings[meetings.count - 1] + neighbours.count(where: taker.contains))
            }
            var end: Int? = slots.count
            for place in slots.indices.reversed() {
                if !isWithinPiece(place + 1) { end = place + 1 }
                if costs[slots[place].number] > 0 { end = nil }
                ends[place] = isWithinPiece(place) ? end ?? place : place
            }
        }

        /// True if the slots before and behind this place are neighbours.
        private func isWithinPiece(_ place: Int) -> Bool {
            place > 0 && place < slots.count && slots[place - 1].number + 1 == slots[place].number
        }

        func end(from place: Int) -> Int { ends[place] }

        /// How many pieces there are more of both sides' slots once these go.
        func pieces(_ range: Range<Int>) -> Int {
            [range.lowerBound, range.upperBound].count(where: isWithinPiece)
                - (meetings[range.upperBound] - meetings[range.lowerBound])
        }
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
