import ClusterModel

/// All slots of a cluster, divided into cells: the shard with the most slots of each, and any trouble with one of them.
struct SlotCells: Equatable {
    struct Cell: Equatable {
        /// The shard with the most of its slots; nil for none.
        var shard: ShardID?
        /// The shard that some of its slots are on their way to.
        var target: ShardID?
        /// True if any of its slots belongs to no shard.
        var isUncovered = false
        /// The heat of the hottest of its slots.
        var heat: Double?
    }

    /// Neighbouring cells that differ at most in their heat.
    struct Stretch: Equatable {
        var cells: Range<Int>
        var shard: ShardID?
        var isMoving: Bool
    }

    /// More slots than any engine has: a bound, as a file may say anything.
    private static let slotsMax = 1 << 20

    private(set) var cells: [Cell]

    init(_ map: SlotMap, count: Int) {
        var cells = Array(repeating: Cell(), count: max(0, count))
        var most = Array(repeating: 0, count: max(0, count))
        let slots = min(max(1, map.count), Self.slotsMax)
        for run in map.runs {
            let first = max(0, run.first)
            let last = min(slots - 1, run.last)
            guard first <= last, count > 0 else { continue }
            // From the first cell that ends behind the run's first slot to the last that begins before its last.
            for cell in (first * count / slots)...min(count - 1, ((last + 1) * count - 1) / slots) {
                let begin = (cell * slots + count - 1) / count
                let end = ((cell + 1) * slots + count - 1) / count - 1
                let overlap = min(last, end) - max(first, begin) + 1
                // If there are more cells than slots, each shows the slot that it lies in.
                if overlap > most[cell] || (overlap <= 0 && most[cell] == 0) {
                    most[cell] = max(0, overlap)
                    cells[cell].shard = run.shard
                }
                if let target = run.target { cells[cell].target = target }
                if run.shard == nil { cells[cell].isUncovered = true }
                if let heat = run.heat { cells[cell].heat = max(heat, cells[cell].heat ?? 0) }
            }
        }
        self.cells = cells
    }

    var stretches: [Stretch] {
        var stretches: [Stretch] = []
        for (place, cell) in cells.enumerated() {
            let isMoving = cell.target != nil
            if let last = stretches.last, last.shard == cell.shard, last.isMoving == isMoving, !cell.isUncovered {
                stretches[stretches.count - 1].cells = last.cells.lowerBound..<(place + 1)
            } else {
                stretches.append(Stretch(cells: place..<(place + 1), shard: cell.shard, isMoving: isMoving))
            }
        }
        return stretches
    }
}
