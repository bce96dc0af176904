/// The settings that a founder was given. Founders with different settings do not found a cluster together.
public struct FoundingSettings: Hashable, Sendable {
    /// The addresses of all founders, sorted.
    public let view: [NodeAddress]
    public let shardCount: Int
    /// Tells apart clusters that have all else in common; nil if none was given.
    public let name: String?

    public init(view: [NodeAddress], shardCount: Int, name: String?) {
        self.view = view.sorted()
        self.shardCount = shardCount
        self.name = name
    }

    /// The first half of an MD5 over all settings.
    public var digest: UInt64 {
        let addresses = view.map(\.description).joined(separator: ",")
        return ShardHash.digest(of: "\(addresses) \(name ?? "")", seed: UInt64(shardCount)).high
    }

    /// The first setting in which two founders differ, with the other one's value.
    public enum Difference: Hashable, Sendable {
        case shardCount(Int, here: Int)
        /// An address that only this node's VIEW has, or only the other's.
        case viewLacks(NodeAddress)
        case viewAdds(NodeAddress)
        case name(String?, here: String?)
    }

    /// Nil if `other` is the same.
    func difference(from other: FoundingSettings) -> Difference? {
        if shardCount != other.shardCount { return .shardCount(other.shardCount, here: shardCount) }
        if let missing = view.first(where: { !other.view.contains($0) }) { return .viewLacks(missing) }
        if let added = other.view.first(where: { !view.contains($0) }) { return .viewAdds(added) }
        return name == other.name ? nil : .name(other.name, here: name)
    }
}
