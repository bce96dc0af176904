import ShardCore

/// Decides when to look for tombstones: every tombstone begins as a write that some node takes.
struct TombstoneWatch {
    private struct Seen: Equatable {
        let start: UInt64
        let epoch: UInt64
        let writes: UInt64
    }

    /// Shorter than the time until any tombstone is forgotten.
    private static let intervalMicroseconds: UInt64 = 100_000

    private var seen: [NodeAddress: Seen] = [:]
    private var dueMicroseconds: UInt64 = 0

    /// Returns true if `node` may have taken a write since the last call.
    mutating func hasWritten(at node: NodeAddress, start: UInt64, epoch: UInt64, writes: UInt64) -> Bool {
        let now = Seen(start: start, epoch: epoch, writes: writes)
        guard seen[node] != now else { return false }
        seen[node] = now
        return now.writes > 0
    }

    mutating func isDue(at micros: UInt64) -> Bool {
        guard micros >= dueMicroseconds else { return false }
        dueMicroseconds = micros + Self.intervalMicroseconds
        return true
    }
}

extension SimulationRun {
    func seeTombstones(of node: NodeAddress) {
        let noted = cluster.look(at: node) { $0.notedTombstones } ?? []
        for (key, timestamp) in noted { clients.see(tombstone: timestamp, ofKey: key) }
    }

    /// Also finds tombstones that were taken for lost with their node, and were on their way to another.
    func seeAllTombstones() {
        for node in cluster.running { seeTombstones(of: node) }
    }
}
