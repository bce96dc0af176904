/// For each origin, how many of its writes are covered: a set of writes that is a prefix of every origin's.
///
/// Serves as a replica's knowledge, as the causal context that a client carries, and as an epoch's baseline. Kept
/// sorted by origin, so that equal vectors have equal encodings.
public struct VersionVector: Hashable, Sendable {
    public struct Element: Hashable, Sendable {
        public let origin: Origin
        public var counter: UInt64
    }

    /// Sorted by origin; every counter is 1 or more.
    public private(set) var elements: [Element] = []

    public init() {}

    /// Takes the highest counter of every origin; entries of counter 0 say nothing and are left out.
    public init(_ dots: some Sequence<Dot>) {
        for dot in dots { raise(dot) }
    }

    public var isEmpty: Bool { elements.isEmpty }
    public var count: Int { elements.count }

    /// The number of writes covered of `origin`; 0 if it is not named.
    public subscript(origin: Origin) -> UInt64 {
        let index = position(of: origin)
        return index < elements.count && elements[index].origin == origin ? elements[index].counter : 0
    }

    public func covers(_ dot: Dot) -> Bool { self[dot.origin] >= dot.counter }

    public func covers(_ other: VersionVector) -> Bool {
        other.elements.allSatisfy { self[$0.origin] >= $0.counter }
    }

    /// Covers `dot`, and with it all earlier writes of its origin. Never lowers a counter.
    public mutating func raise(_ dot: Dot) { raise(dot.origin, to: dot.counter) }

    public mutating func raise(_ origin: Origin, to counter: UInt64) {
        guard counter > 0 else { return }
        let index = position(of: origin)
        if index < elements.count, elements[index].origin == origin {
            if elements[index].counter < counter { elements[index].counter = counter }
        } else {
            elements.insert(Element(origin: origin, counter: counter), at: index)
        }
    }

    /// Adds an origin that is after all others; false, and nothing added, where it is not, or the counter is 0.
    public mutating func append(_ origin: Origin, counter: UInt64) -> Bool {
        guard counter > 0, elements.last.map({ $0.origin < origin }) != false else { return false }
        elements.append(Element(origin: origin, counter: counter))
        return true
    }

    /// Makes room for as many origins.
    public mutating func reserveCapacity(_ count: Int) { elements.reserveCapacity(count) }

    /// The least vector that covers both.
    public mutating func merge(_ other: VersionVector) {
        if elements.isEmpty {
            elements = other.elements
            return
        }
        for element in other.elements { raise(element.origin, to: element.counter) }
    }

    public func merging(_ other: VersionVector) -> VersionVector {
        var result = self
        result.merge(other)
        return result
    }

    /// The elements that `isKept` says yes to.
    public func filter(_ isKept: (Element) -> Bool) -> VersionVector {
        var result = VersionVector()
        guard elements.count <= UInt64.bitWidth else {
            result.elements = elements.filter(isKept)
            return result
        }
        // Counted first: what an entry depends on is kept with it, and should take no more memory than it needs.
        var kept: UInt64 = 0
        for (place, element) in elements.enumerated() where isKept(element) { kept |= 1 << place }
        guard kept.nonzeroBitCount < elements.count else { return self }
        result.elements.reserveCapacity(kept.nonzeroBitCount)
        for (place, element) in elements.enumerated() where kept >> place & 1 == 1 { result.elements.append(element) }
        return result
    }

    /// As many origins are looked through one by one: to see that two are the same is much cheaper than to order them.
    private static let scanMax = 12

    /// The place of `origin`, or the one where it would be inserted.
    private func position(of origin: Origin) -> Int {
        if elements.count <= Self.scanMax, let same = elements.firstIndex(where: { $0.origin == origin }) {
            return same
        }
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if elements[middle].origin < origin { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
