/// Choosing the servers to ask, and the questions.
extension ClusterWatch {
    /// The questions to ask now. A server that is being asked already is left alone.
    mutating func beginRound(_ now: UInt64) -> [ServerAsk] {
        defer { figuresBegunMilliseconds = now }
        let asks = isWide ? wideAsks(now) : records.values.compactMap { ask($0, everything(of: $0, now), now) }
        return asks.sorted { $0.key < $1.key }
    }

    func everything(of record: ServerRecord, _ now: UInt64) -> ServerAsk.Parts {
        ServerAsk.Parts([.view, .figures]).union(jobs(of: record)).union(extras(of: record, now))
    }

    /// Slots change at primaries.
    func figures(of record: ServerRecord) -> ServerAsk.Parts {
        record.id.flatMap { topology?.nodes[$0] }?.isReplica == true ? .figures : [.figures, .signs]
    }

    /// Servers keep a log of migrations that ended; so they are asked for it only if something goes on.
    func jobs(of record: ServerRecord) -> ServerAsk.Parts {
        guard record.jobs.contains(where: { $0.state == .running }) else { return [] }
        return jobsPart(of: record)
    }

    func jobsPart(of record: ServerRecord) -> ServerAsk.Parts {
        let features = features(of: record)
        if features[.listSlotMigrations].isPresent { return .jobs }
        return features[.migration].isPresent ? .tasks : []
    }

    private func extras(of record: ServerRecord, _ now: UInt64) -> ServerAsk.Parts {
        let isDue = now >= record.heatAskedMilliseconds + Self.heatMilliseconds
        let hasSlots = record.id.flatMap { topology?.nodes[$0] }?.slots.isEmpty == false
        return isDue && hasSlots && features(of: record)[.slotStatistics].isPresent ? .heat : []
    }

    /// Of a large cluster: figures of the next few, so that all had their turn within a time; one view of the whole;
    /// and the views of those where slots move.
    private mutating func wideAsks(_ now: UInt64) -> [ServerAsk] {
        var parts: [ServerAddress: ServerAsk.Parts] = [:]
        for record in nextForFigures(now) {
            parts[record.key] = figures(of: record).union(jobs(of: record)).union(extras(of: record, now))
        }
        let hot = records.values.filter { $0.hotUntilMilliseconds > now && $0.isReachable }.sorted {
            ($1.hotUntilMilliseconds, $0.key) < ($0.hotUntilMilliseconds, $1.key)
        }
        for record in hot.prefix(setup.viewsMax) {
            parts[record.key, default: []].formUnion([.view, jobsPart(of: record)])
        }
        if now >= viewerBegunMilliseconds + setup.topologyMilliseconds - Self.slack, let viewer = nextViewer() {
            viewerBegunMilliseconds = now
            lastViewer = viewer
            parts[viewer, default: []].insert(.view)
        }
        return parts.compactMap { key, parts in records[key].flatMap { ask($0, parts, now) } }
    }

    /// Polls come a little early and a little late.
    private static let slack: UInt64 = 100

    private func nextForFigures(_ now: UInt64) -> [ServerRecord] {
        let elapsed = now - min(now, figuresBegunMilliseconds)
        let share = (UInt64(records.count) * min(elapsed, setup.figuresMilliseconds)).dividedUp(
            by: max(1, setup.figuresMilliseconds))
        var waiting: [(asked: UInt64, key: ServerAddress)] = []
        for record in records.values where record.asking == nil {
            waiting.append((record.figuresAskedMilliseconds, record.key))
        }
        waiting.sort(by: <)
        // Those that were never asked do not wait for their turn.
        let new = waiting.prefix { $0.asked == 0 }.count
        return waiting.prefix(max(new, Int(share))).compactMap { records[$0.key] }
    }

    /// The next primary that answers, in the order of their addresses; without one anybody who answers, or a seed.
    private func nextViewer() -> ServerAddress? {
        let answering = records.values.filter { $0.isReachable && $0.asking == nil }
        let primaries = answering.filter { $0.info?.replication?.isReplica != true }
        let candidates = (primaries.isEmpty ? answering : primaries).map(\.key).sorted()
        guard let first = candidates.first else { return records.values.filter(\.isSeed).map(\.key).min() }
        guard let lastViewer else { return first }
        return candidates.first { $0 > lastViewer } ?? first
    }

    mutating func ask(_ record: ServerRecord, _ parts: ServerAsk.Parts, _ now: UInt64) -> ServerAsk? {
        guard record.asking == nil, !parts.isEmpty else { return nil }
        records[record.key]?.asking = parts
        if parts.contains(.figures) { records[record.key]?.figuresAskedMilliseconds = now }
        if parts.contains(.view) { records[record.key]?.viewAskedMilliseconds = now }
        if parts.contains(.heat) { records[record.key]?.heatAskedMilliseconds = now }
        return ServerAsk(key: record.key, dialled: record.dialled, parts: parts)
    }
}

extension UInt64 {
    fileprivate func dividedUp(by divisor: UInt64) -> UInt64 { (self + divisor - 1) / divisor }
}
