/// Chooses the slots that change hands so that every side has its share. Pure; the same input gives the same moves.
enum Dealing {
    struct Hand: Sendable {
        let id: NodeID
        let slots: SlotSet
        /// Against the others' shares; 0 gives everything away.
        let share: Double
    }

    /// Moves as few slots as can be; afterwards every side is within one slot of its share.
    static func bySlots(_ hands: [Hand]) -> [SlotMove] {
        let targets = wholeTargets(hands)
        var takers = hands.indices.compactMap { index -> Taker? in
            let missing = targets[index] - hands[index].slots.count
            return missing > 0 ? Taker(hand: index, missing: missing) : nil
        }
        let givers = hands.indices.filter { hands[$0].slots.count > targets[$0] }
        var moves: [SlotMove] = []
        for giver in givers {
            var surplus = takeOff(hands[giver].slots.count - targets[giver], from: hands[giver].slots)
            while !surplus.isEmpty, let taker = nextTaker(takers, wanting: surplus.count) {
                let taken = surplus.first(takers[taker].missing)
                surplus.subtract(taken)
                takers[taker].missing -= taken.count
                moves.append(SlotMove(slots: taken, from: hands[giver].id, to: hands[takers[taker].hand].id))
            }
        }
        return moves
    }

    private struct Taker {
        let hand: Int
        var missing: Int
    }

    /// One that wants just so many, else the one that wants most: that makes the fewest pairs.
    private static func nextTaker(_ takers: [Taker], wanting count: Int) -> Int? {
        takers.firstIndex { $0.missing == count }
            ?? takers.indices.filter { takers[$0].missing > 0 }.max { takers[$0].missing < takers[$1].missing }
    }

    /// How many slots each side is to have: its share rounded down, and one more for those whose share it is nearest to,
    /// of equals those that have the most already, so that the fewest move.
    private static func wholeTargets(_ hands: [Hand]) -> [Int] {
        let all = hands.reduce(0) { $0 + $1.slots.count }
        let shares = hands.reduce(0) { $0 + $1.share }
        guard shares > 0 else { return hands.map(\.slots.count) }
        let exact = hands.map { Double(all) * $0.share / shares }
        var targets = exact.map { Int($0.rounded(.down)) }
        let rest = all - targets.reduce(0, +)
        let order = hands.indices.filter { hands[$0].share > 0 }.sorted { left, right in
            let (first, second) = (exact[left] - exact[left].rounded(.down), exact[right] - exact[right].rounded(.down))
            if abs(first - second) > 1e-9 { return first > second }
            let (mine, other) = (hands[left].slots.count - targets[left], hands[right].slots.count - targets[right])
            return mine == other ? left < right : mine > other
        }
        for index in order.prefix(rest) { targets[index] += 1 }
        return targets
    }

    /// Slots that are to go of a side: whole short ranges first, so that what stays and what goes is in few pieces.
    private static func takeOff(_ count: Int, from slots: SlotSet) -> SlotSet {
        var taken = SlotSet()
        var missing = count
        for range in slots.ranges.sorted(by: { ($0.count, $0.lowerBound) < ($1.count, $1.lowerBound) })
        where missing > 0 {
            // Of one that is longer than what is missing its end goes.
            let part = range.count <= missing ? range : (range.upperBound - missing + 1)...range.upperBound
            taken.insert(part)
            missing -= part.count
        }
        return taken
    }
}
