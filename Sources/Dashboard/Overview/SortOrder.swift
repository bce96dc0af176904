import ClusterModel

/// The order of the shards on the screen, and of the members in each.
public enum SortOrder: String, CaseIterable, Sendable {
    case address, health, keys, traffic, lag

    var next: SortOrder {
        let all = Self.allCases
        return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
    }
}

extension Cluster {
    /// Puts the worst, largest or busiest first; equals keep their order, so that nothing moves without need.
    mutating func sort(by order: SortOrder) {
        guard order != .address else { return }
        for index in shards.indices { shards[index].members = Self.sorted(shards[index].members) { $0.rank(order) } }
        others = Self.sorted(others) { $0.rank(order) }
        shards = Self.sorted(shards) { shard in
            switch order {
            case .keys: Double(shard.keys ?? -1)
            case .traffic: shard.operationsPerSecond
            default: shard.members.map { $0.rank(order) }.max() ?? 0
            }
        }
    }

    private static func sorted<Element>(_ elements: [Element], by rank: (Element) -> Double) -> [Element] {
        elements.enumerated().map { (rank($1), $0, $1) }
            .sorted { ($1.0, $0.1) < ($0.0, $1.1) }.map(\.2)
    }
}

extension Member {
    fileprivate func rank(_ order: SortOrder) -> Double {
        switch order {
        case .address: 0
        case .health: condition.isBad ? 2 : condition.isGood ? 0 : 1
        case .keys: Double(keys ?? -1)
        // Figures that change all the time would shuffle the rows; rounding them to steps keeps the rows in place.
        case .traffic: (allOperationsPerSecond ?? 0).inSteps
        case .lag: Double(lag?.amount ?? 0).inSteps
        }
    }
}

extension Double {
    /// The value rounded to two steps for each doubling.
    fileprivate var inSteps: Double { self < 1 ? 0 : (log2Approximate * 2).rounded() }

    private var log2Approximate: Double { Double(exponent) + significand - 1 }
}
