/// The origins of all entries held, each once: an entry needs only its number.
///
/// A number is used again once no entry has its origin any more, so old epochs leave nothing behind.
struct OriginTable: Sendable {
    private struct Use: Sendable {
        var origin: Origin
        var count: Int
    }

    private var uses: [Use] = []
    private var numbers: [Origin: UInt32] = [:]
    private var free: [UInt32] = []
    /// The one taken last: entries come in runs of one origin.
    private var last: UInt32?

    /// The number of them.
    var count: Int { numbers.count }

    subscript(number: UInt32) -> Origin { uses[Int(number)].origin }

    /// The number of an origin that one more entry has.
    mutating func use(_ origin: Origin) -> UInt32 {
        if let last, uses[Int(last)].origin == origin {
            uses[Int(last)].count += 1
            return last
        }
        let number = numbers[origin] ?? add(origin)
        uses[Int(number)].count += 1
        last = number
        return number
    }

    /// One entry less has the origin.
    mutating func release(_ number: UInt32) {
        assert(uses[Int(number)].count > 0, "origin \(number) is released more often than it was taken")
        uses[Int(number)].count -= 1
        guard uses[Int(number)].count == 0 else { return }
        numbers[uses[Int(number)].origin] = nil
        free.append(number)
        if last == number { last = nil }
    }

    private mutating func add(_ origin: Origin) -> UInt32 {
        let use = Use(origin: origin, count: 0)
        let number: UInt32
        if let used = free.popLast() {
            number = used
            uses[Int(number)] = use
        } else {
            number = UInt32(uses.count)
            uses.append(use)
        }
        numbers[origin] = number
        return number
    }
}
