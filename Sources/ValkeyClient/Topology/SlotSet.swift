/// A set of slots, one bit each: 2 KB, or nothing while it is empty.
public struct SlotSet: SetAlgebra, Sendable {
    /// 256 words, or none where the set is empty, so that equal sets are equal arrays.
    private var bits: [UInt64] = []

    private static let wordCount = HashSlot.count / 64

    public init() {}

    /// The slots of a range; those outside 0 ..< 16,384 are left out.
    public init(_ range: ClosedRange<Int>) { insert(range) }

    public static let all = SlotSet(0...(HashSlot.count - 1))

    public var count: Int { bits.reduce(0) { $0 + $1.nonzeroBitCount } }

    public var isEmpty: Bool { bits.isEmpty }

    public func contains(_ slot: HashSlot) -> Bool {
        !bits.isEmpty && bits[slot.number >> 6] & Self.bit(slot) != 0
    }

    @discardableResult
    public mutating func insert(_ slot: HashSlot) -> (inserted: Bool, memberAfterInsert: HashSlot) {
        let isNew = !contains(slot)
        if bits.isEmpty { bits = Self.none }
        bits[slot.number >> 6] |= Self.bit(slot)
        return (isNew, slot)
    }

    @discardableResult
    public mutating func remove(_ slot: HashSlot) -> HashSlot? {
        guard contains(slot) else { return nil }
        bits[slot.number >> 6] &= ~Self.bit(slot)
        normalize()
        return slot
    }

    @discardableResult
    public mutating func update(with slot: HashSlot) -> HashSlot? { insert(slot).inserted ? nil : slot }

    /// Takes in the slots of a range; those outside 0 ..< 16,384 are left out.
    public mutating func insert(_ range: ClosedRange<Int>) {
        guard range.upperBound >= 0, range.lowerBound < HashSlot.count else { return }
        let range = Swift.max(range.lowerBound, 0)...Swift.min(range.upperBound, HashSlot.count - 1)
        if bits.isEmpty { bits = Self.none }
        for word in (range.lowerBound >> 6)...(range.upperBound >> 6) {
            let low = Swift.max(range.lowerBound - word * 64, 0)
            let high = Swift.min(range.upperBound - word * 64, 63)
            bits[word] |= (UInt64.max >> UInt64(63 - (high - low))) << UInt64(low)
        }
    }

    public mutating func formUnion(_ other: Self) { if !other.isEmpty { combine(other) { $0 | $1 } } }
    public mutating func formIntersection(_ other: Self) { if !isEmpty { combine(other) { $0 & $1 } } }
    public mutating func formSymmetricDifference(_ other: Self) { if !other.isEmpty { combine(other) { $0 ^ $1 } } }
    public mutating func subtract(_ other: Self) { if !isEmpty, !other.isEmpty { combine(other) { $0 & ~$1 } } }

    public func union(_ other: Self) -> Self { with { $0.formUnion(other) } }
    public func intersection(_ other: Self) -> Self { with { $0.formIntersection(other) } }
    public func symmetricDifference(_ other: Self) -> Self { with { $0.formSymmetricDifference(other) } }
    public func subtracting(_ other: Self) -> Self { with { $0.subtract(other) } }

    /// True if no slot is in both.
    public func isDisjoint(with other: Self) -> Bool {
        bits.isEmpty || other.bits.isEmpty || zip(bits, other.bits).allSatisfy { $0 & $1 == 0 }
    }

    private static let none = [UInt64](repeating: 0, count: wordCount)

    private static func bit(_ slot: HashSlot) -> UInt64 { 1 << UInt64(slot.number & 63) }

    private mutating func normalize() {
        if bits.allSatisfy({ $0 == 0 }) { bits = [] }
    }

    private mutating func combine(_ other: Self, _ operation: (UInt64, UInt64) -> UInt64) {
        let right = other.bits.isEmpty ? Self.none : other.bits
        if bits.isEmpty { bits = Self.none }
        for index in bits.indices { bits[index] = operation(bits[index], right[index]) }
        normalize()
    }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}

extension SlotSet: Hashable, Sequence {
    /// Its slots, ascending.
    public func makeIterator() -> Iterator { Iterator(bits: bits) }

    public struct Iterator: IteratorProtocol, Sendable {
        private let bits: [UInt64]
        private var word = 0
        private var rest: UInt64

        fileprivate init(bits: [UInt64]) {
            self.bits = bits
            rest = bits.first ?? 0
        }

        public mutating func next() -> HashSlot? {
            while rest == 0 {
                word += 1
                guard word < bits.count else { return nil }
                rest = bits[word]
            }
            defer { rest &= rest - 1 }
            return HashSlot(unchecked: word * 64 + rest.trailingZeroBitCount)
        }
    }

    public var underestimatedCount: Int { count }

    public var first: HashSlot? { first { _ in true } }

    /// The first `count` of its slots, ascending, as a set.
    public func first(_ count: Int) -> Self { Self(prefix(Swift.max(count, 0))) }

    /// Its longest runs of neighbours, ascending.
    public var ranges: [ClosedRange<Int>] {
        var found: [ClosedRange<Int>] = []
        for slot in self {
            if let last = found.last, last.upperBound + 1 == slot.number {
                found[found.count - 1] = last.lowerBound...slot.number
            } else {
                found.append(slot.number...slot.number)
            }
        }
        return found
    }
}

extension SlotSet: CustomStringConvertible {
    /// As the servers write it, with commas: `0-5460,10923`.
    public var description: String { ranges.map(\.slotText).joined(separator: ",") }

    /// The same, with no more than so many ranges and how many slots there are besides: `1,3,5 and 12 more`.
    public func text(rangesMax: Int) -> String {
        let ranges = ranges
        guard ranges.count > rangesMax else { return description }
        let shown = ranges.prefix(rangesMax)
        let rest = count - shown.reduce(0) { $0 + $1.count }
        return shown.map(\.slotText).joined(separator: ",") + " and \(rest) more"
    }

    /// Reads `0-5460,10923`, also with spaces for commas. Nil for what is not that, or leaves 0 ... 16,383.
    public init?(_ text: some StringProtocol) {
        for part in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let range = Self.range(part.utf8) else { return nil }
            insert(range)
        }
    }

    /// One range as the servers write it, `5` or `0-5460`.
    static func range(_ text: some Collection<UInt8>) -> ClosedRange<Int>? {
        let ends = text.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = ends.first, let low = PlainNumber.read(first, max: HashSlot.count - 1) else { return nil }
        guard ends.count == 2 else { return low...low }
        guard let high = PlainNumber.read(ends[1], max: HashSlot.count - 1), low <= high else { return nil }
        return low...high
    }
}

extension ClosedRange<Int> {
    /// A range of slots as the servers write it.
    public var slotText: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)" }
}
