extension DiskContents {
    /// Without what an earlier version believed although no node can have come to it: nobody would believe a message that
    /// carries it, and no vote is given under it.
    var withinBounds: DiskContents {
        guard var state else { return self }
        state.vector = state.vector.filter(Self.isWithinBounds)
        state.collected = state.collected.filter(Self.isWithinBounds)
        state.extensions = state.extensions.filter(Self.isWithinBounds)
        state.record = Self.withinBounds(state.record)
        state.timestampsPast = min(state.timestampsPast, Bounds.timestampMax)
        state.decisions.removeAll {
            $0.decidedAt > Bounds.timestampMax || $0.incarnation >= Bounds.incarnationMax
        }
        state.voter = VoterState(
            memorySince: state.voter.memorySince, hasVotes: state.voter.hasVotes,
            crashVector: Self.withinBounds(state.voter.crashVector), founding: Self.withinBounds(state.voter.founding))
        if let promised = state.promised, !Self.isWithinBounds(promised) { state.promised = nil }
        if let accepted = state.accepted {
            let isKept = Self.isWithinBounds(accepted.ballot) && accepted.record.layout.isWellFormed
            state.accepted =
                isKept ? Accepted(ballot: accepted.ballot, record: Self.withinBounds(accepted.record)) : nil
        }
        state.staged.removeAll { !$0.layout.isWellFormed }
        return DiskContents(
            state: state,
            records: records.filter { Self.isWithinBounds($0.entry.version) }.map { record in
                let entry = record.entry
                let kept = entry.dependencies.filter(Self.isWithinBounds)
                guard kept.count < entry.dependencies.count else { return record }
                return Record(
                    key: record.key, entry: Entry(value: entry.value, version: entry.version, dependencies: kept))
            })
    }

    private static func isWithinBounds(_ ballot: Ballot) -> Bool {
        ballot.round <= Bounds.countMax && ballot.incarnation < Bounds.incarnationMax
    }

    private static func isWithinBounds(_ version: Version) -> Bool {
        version.timestamp <= Bounds.timestampMax
            && isWithinBounds(.init(origin: version.dot.origin, counter: version.dot.counter))
    }

    private static func isWithinBounds(_ element: VersionVector.Element) -> Bool {
        element.counter <= Bounds.countMax && element.origin.epoch <= Bounds.epochMax
            && element.origin.incarnation < Bounds.incarnationMax
    }

    private static func withinBounds(_ record: EpochRecord) -> EpochRecord {
        EpochRecord(
            layout: record.layout, baseline: record.baseline.filter(isWithinBounds), operation: record.operation,
            starts: withinBounds(record.starts))
    }

    private static func withinBounds(_ starts: CrashVector) -> CrashVector {
        CrashVector(starts.starts.map { $0 < Bounds.incarnationMax ? $0 : 0 })
    }
}
