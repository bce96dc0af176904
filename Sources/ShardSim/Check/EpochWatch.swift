import ShardCore

/// Follows every node from epoch to epoch, and every write from node to node.
struct EpochWatch {
    private struct Name: Hashable {
        let founding: UInt64
        let epoch: UInt64
    }

    private var layouts: [Name: Layout] = [:]
    /// The latest epoch that was in force anywhere.
    var latest: UInt64 { layouts.keys.map(\.epoch).max() ?? 0 }
    private var epochs: [NodeAddress: (start: UInt64, epoch: UInt64, sinceMicroseconds: UInt64)] = [:]
    private var contents: [Dot: String] = [:]

    /// Notes that `node`, in its start of that number, has `record` in force; returns what is wrong with that.
    ///
    /// - Parameter founding: tells clusters apart that count their epochs each for itself.
    mutating func see(
        _ record: EpochRecord, of founding: UInt64, at node: NodeAddress, start: UInt64, micros: UInt64
    ) -> [(Property, String)] {
        let epoch = record.layout.epoch
        var wrong: [(Property, String)] = []
        if let last = epochs[node], last.start == start {
            if last.epoch == epoch { return [] }
            if last.epoch > epoch {
                wrong.append((.epochsGoForward, "\(node) went from epoch \(last.epoch) back to \(epoch)"))
            }
        }
        epochs[node] = (start, epoch, micros)
        guard epoch > 0 else { return wrong }
        let name = Name(founding: founding, epoch: epoch)
        if let known = layouts[name] {
            if known != record.layout {
                wrong.append(
                    (
                        .oneLayoutPerEpoch,
                        "epoch \(epoch) is \(Self.brief(record.layout)) at \(node), "
                            + "and was \(Self.brief(known)) elsewhere"
                    ))
            }
            return wrong
        }
        layouts[name] = record.layout
        if let text = Self.flaw(of: record.layout) { wrong.append((.layoutIsValid, text)) }
        return wrong
    }

    /// The time at which the last of `nodes` came to be in `epoch`; nil if one of them is not, or was not when it last
    /// ran.
    func settledMicroseconds(in epoch: UInt64, nodes: [NodeAddress]) -> UInt64? {
        let times = nodes.compactMap { epochs[$0]?.epoch == epoch ? epochs[$0]?.sinceMicroseconds : nil }
        return times.count == nodes.count ? times.max() : nil
    }

    /// Notes the writes in a message: a counter must name the same write everywhere.
    mutating func see(_ records: [Record]) -> (Property, String)? {
        for record in records {
            let content = record.key + "=" + (record.entry.value.map { String(decoding: $0, as: UTF8.self) } ?? "")
            if let known = contents.updateValue(content, forKey: record.entry.version.dot), known != content {
                return (.countersAreUsedOnce, "\(record.entry.version.dot) names \(known) and \(content)")
            }
        }
        return nil
    }

    /// The flaw of a layout, seen from the layout alone; nil if it is valid.
    private static func flaw(of layout: Layout) -> String? {
        let members = layout.shards.joined()
        if Set(members).count != members.count { return "a node is in two shards: \(brief(layout))" }
        if layout.shards.contains(where: \.isEmpty) { return "a shard has no member: \(brief(layout))" }
        guard layout.placement != .edited else { return nil }
        if layout.shards.contains(where: { $0.count < 2 }) { return "a shard has one member: \(brief(layout))" }
        return layout.placement == .dealt ? flaw(ofDealt: layout) : flaw(ofHashed: layout)
    }

    private static func flaw(ofHashed layout: Layout) -> String? {
        for (shard, members) in layout.shards.enumerated() {
            for node in members
            where ShardHash.shard(of: node.description, seed: layout.seed, count: layout.shardCount) != shard {
                return "\(node) does not hash to shard \(shard) under seed \(layout.seed)"
            }
        }
        return nil
    }

    /// The flaw of a dealt layout. Only nodes that no seed within the cap balances are dealt, in the order of their
    /// hashes: both are computed again here.
    private static func flaw(ofDealt layout: Layout) -> String? {
        let ranked = layout.members.map { (ShardHash.digest(of: $0.description, seed: layout.seed), $0) }
            .sorted { $0.0 < $1.0 || $0.0 == $1.0 && $0.1 < $1.1 }
        for (position, (_, node)) in ranked.enumerated() where layout.shard(of: node) != position % layout.shardCount {
            return "\(node) is dealt to another shard than \(position % layout.shardCount): \(brief(layout))"
        }
        var sizes = Array(repeating: 0, count: layout.shardCount)
        for node in layout.members {
            sizes[ShardHash.shard(of: node.description, seed: layout.seed, count: layout.shardCount)] += 1
        }
        return sizes.allSatisfy { $0 >= SeedSearch.membersMin }
            ? "dealt under seed \(layout.seed), which balances the nodes: \(brief(layout))" : nil
    }

    static func brief(_ layout: Layout) -> String {
        let shards = layout.shards.map { "[" + $0.map(\.host).joined(separator: " ") + "]" }
        return "epoch \(layout.epoch) seed \(layout.seed) \(layout.placement.rawValue) " + shards.joined()
    }
}
