import ClusterModel
import Dashboard

/// A cluster in plain lines, one whenever something changes: for screen readers, pipes and logs.
struct ChangeLines {
    /// The number of polls after which a count of keys that keeps changing is told.
    private static let restlessPollsMax = 20
    /// Events that several nodes report alike within this time are told once.
    private static let alikeMilliseconds: UInt64 = 3_000
    private static let rememberedMax = 1_000

    private var health: [MemberID: String] = [:]
    /// The headline told last, and the one polled last.
    private var toldHeadline: String?
    private var polledHeadline: String?
    private var toldFrame: String?
    private var restlessPolls = 0
    private var progress = ChangeProgress()
    private var operation: String?
    /// The last line of a change that no node tells of.
    private var inferred: String?
    private var isFirst = true
    private var lastSaid: [String: UInt64] = [:]

    /// The lines that a poll adds to those told before. Events from before the first poll are left out.
    mutating func lines(for snapshot: Cluster, events: [Event]) -> [String] {
        var lines: [String] =
            isFirst
            ? [] : told(events, of: snapshot.nodesAll, atMilliseconds: snapshot.takenMilliseconds)
        lines += toldNodes(snapshot)
        if let change = snapshot.change { lines += toldChange(change) }
        if let change = snapshot.inferred { lines += toldInferred(change) }
        if let headline = toldHeadline(snapshot) { lines.append(headline) }
        isFirst = false
        return lines
    }

    /// - Parameter nodes: the number of all nodes.
    private mutating func told(_ events: [Event], of nodes: Int, atMilliseconds now: UInt64) -> [String] {
        lastSaid = lastSaid.filter { now - min(now, $0.value) < Self.alikeMilliseconds }
        // By the time when the events were read, as the nodes' clocks may differ.
        let new = events.filter { lastSaid[$0.text] == nil }
        for event in new.prefix(Self.rememberedMax) { lastSaid[event.text] = now }
        return SaidEvent.merged(new).map { said in
            "\(Words.clock(milliseconds: said.event.milliseconds))  \(said.words(of: nodes))"
        }
    }

    private mutating func toldNodes(_ snapshot: Cluster) -> [String] {
        var now: [MemberID: String] = [:]
        let members = snapshot.members.filter(\.isPolled).sorted { $0.id < $1.id }
        for member in members { now[member.id] = StatusText.condition(of: member) }
        defer { health = now }
        let changed = members.filter { health[$0.id] != now[$0.id] }
        return changed.map { "node \($0.id): \(now[$0.id] ?? "")" }
            + health.keys.filter { now[$0] == nil }.sorted().map { "node \($0): gone" }
    }

    private mutating func toldInferred(_ change: InferredChange) -> [String] {
        let line = StatusText.line(of: change)
        defer { inferred = line }
        return line == inferred || isFirst && change.state.isEnd ? [] : [line]
    }

    private mutating func toldChange(_ change: Change) -> [String] {
        let isNew = change.id != operation
        operation = change.id
        let lines = progress.lines(for: change)
        // A change that was over before anybody looked is no news.
        if isFirst, change.isOver { return [] }
        guard isNew else { return lines }
        return [change.title + (change.by.map { " by \($0)" } ?? "")] + lines
    }

    /// The headline, at once if more than counts has changed; changed counts once they have come to rest, or from time
    /// to time.
    private mutating func toldHeadline(_ snapshot: Cluster) -> String? {
        let summary = ClusterSummary(snapshot)
        var frame = summary
        frame.keys = nil
        frame.shards = frame.shards.map {
            var shard = $0
            (shard.keys, shard.isUneven) = (nil, false)
            return shard
        }
        let keys = summary.shards.map { "shard \($0.id): \($0.keys.map { Words.count($0) } ?? "?")" }
        let headline =
            summary.nodesUp == 0
            ? "nobody answers; \(Words.plural(summary.nodes, "node")) known"
            : StatusText.headline(summary) + (keys.count > 1 ? " (" + keys.joined(separator: ", ") + ")" : "")
        defer { polledHeadline = headline }
        guard headline != toldHeadline else {
            restlessPolls = 0
            return nil
        }
        restlessPolls += 1
        let frameText = "\(frame)"
        let isDue =
            frameText != toldFrame || headline == polledHeadline || restlessPolls >= Self.restlessPollsMax
        guard isDue else { return nil }
        (toldHeadline, toldFrame, restlessPolls) = (headline, frameText, 0)
        return headline
    }
}
