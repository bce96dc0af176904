import ShardCore

extension FoundingSettings.Difference: CustomStringConvertible {
    /// The other node's setting that differs from this one's.
    public var description: String {
        switch self {
        case .shardCount(let count, let here): "SHARD_COUNT \(count), and this node with \(here)"
        case .viewLacks(let node): "a VIEW without \(node), which this node's has"
        case .viewAdds(let node): "\(node) in its VIEW, which this node's has not"
        case .name(let name, let here):
            "\(Self.words(name)), and this node with \(Self.words(here))"
        }
    }

    private static func words(_ name: String?) -> String {
        name.map { "the cluster name '\($0)'" } ?? "no cluster name"
    }
}
