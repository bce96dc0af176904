import Foundation
import NIOHTTP1
import ShardCore
import ShardWire

/// Reads the events of one node from where the last read ended.
struct EventCollector: Sendable {
    /// The point up to which one node's events were read.
    struct Mark: Sendable, Hashable {
        var incarnation: UInt64
        var sequence: UInt64
    }

    /// The most pages that one read of a node takes; the rest comes with the next.
    static let pagesMax = 10

    let transport: NodeTransport
    let timeoutMilliseconds: UInt64

    /// - Returns: the new events, and the mark to go on from, which is the one given if the node did not answer.
    func read(_ node: NodeAddress, name: NodeAddress, after mark: Mark?) async -> ([ClusterEvent], Mark?) {
        var mark = mark
        var events: [ClusterEvent] = []
        for _ in 0..<Self.pagesMax {
            guard let page = await page(node, after: mark?.sequence ?? 0) else { break }
            if let known = mark, known.incarnation != page.incarnation {
                // The node was started anew, and its numbers begin again.
                mark = Mark(incarnation: page.incarnation, sequence: 0)
                if known.sequence > 0 { continue }
            }
            let last = mark?.sequence ?? 0
            let new = page.events.filter { $0.sequence > last }
            if page.isTruncated, mark != nil, last > 0, let first = new.first {
                events.append(
                    ClusterEvent(
                        sequence: first.sequence - 1, milliseconds: first.milliseconds, kind: .warning, node: name,
                        text: "events of this node were forgotten before they were read", recordedBy: name))
            }
            events += new
            mark = Mark(incarnation: page.incarnation, sequence: max(last, new.last?.sequence ?? 0))
            if new.isEmpty || page.events.count < 1_000 { break }
        }
        return (events, mark)
    }

    private func page(_ node: NodeAddress, after: UInt64) async -> EventPage? {
        let path = "/shardnode/v1/events?after=\(after)"
        guard
            let response = try? await transport.send(
                .GET, path, to: node, timeoutMilliseconds: timeoutMilliseconds),
            response.status == 200
        else { return nil }
        return try? JSONDecoder().decode(EventPage.self, from: Data(response.body))
    }
}
