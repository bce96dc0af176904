/// Putting together what is known.
extension ClusterWatch {
    /// Puts together what was answered.
    ///
    /// - Parameter isOursRunning: whether this program moves slots itself, so that what moves is not somebody else's.
    mutating func endRound(isOursRunning: Bool = false, _ now: UInt64) {
        if isWide { dropOldViews(now) }
        let namesBefore = shardNames
        if hasNewView || topology == nil { merge(now) }
        hasNewView = false
        guard let topology else { return }
        if isWide { askDoubtedAgain(topology, now) }
        problems = settling.settle(foundProblems, now)
        for problem in settling.newlySettled {
            note(Sighting(kind: .warning, node: problem.node.map(topology.member), text: problem.words), now)
        }
        let moves = foreign.observe(
            topology, number: topologyNumber,
            names: { [shardNames] in namesBefore.given(to: $0) ?? shardNames.id(of: $0) },
            jobs: records.values.flatMap(\.jobs), bytes: slotBytes(),
            isOursRunning: isOursRunning, now)
        for sighting in moves { note(sighting, now) }
        forgetOldRecords(topology, now)
    }

    private mutating func merge(_ now: UInt64) {
        let views = MainViews.choose(records.values.compactMap(\.view))
        guard !views.isEmpty else { return }
        let merged = Topology(merging: views)
        // Of a large cluster others are asked each time; as a rule they say the same.
        if let topology, merged.tellsTheSame(as: topology) {
            self.topology = merged
            return
        }
        topologyNumber += 1
        foundProblems = merged.problems
        if let before = topology {
            for sighting in TopologyChanges.sightings(from: before, to: merged) { note(sighting, now) }
        }
        shardNames.follow(from: topology, to: merged)
        topology = merged
    }

    /// Of a large cluster the views of several polls are merged. A node that differs in an old one is asked again at
    /// the next poll, before that is called a disagreement.
    private mutating func askDoubtedAgain(_ topology: Topology, _ now: UInt64) {
        let doubted = Set(topology.disagreements.flatMap(\.viewers)).union(whoCountsOtherwise())
        guard !doubted.isEmpty else { return }
        for (key, record) in records where record.id.map(doubted.contains) == true {
            records[key]?.hotUntilMilliseconds = max(record.hotUntilMilliseconds, now + Self.doubtMilliseconds)
        }
    }

    /// Those whose count of nodes or slots is not that of most: each tells it cheaply.
    private func whoCountsOtherwise() -> [NodeID] {
        var tellers: [[Int?]: [NodeID]] = [:]
        for record in records.values {
            guard let id = record.id, let state = record.state else { continue }
            tellers[[state.slotsAssigned, state.knownNodes], default: []].append(id)
        }
        guard tellers.count > 1, let most = tellers.max(by: { $0.value.count < $1.value.count })?.key else { return [] }
        return tellers.filter { $0.key != most }.flatMap(\.value)
    }

    private mutating func dropOldViews(_ now: UInt64) {
        for (key, record) in records where record.view != nil && now > record.viewMilliseconds + Self.viewAgeMax {
            records[key]?.dropView()
        }
    }

    private func slotBytes() -> [NodeID: SlotBytes] {
        var bytes: [NodeID: SlotBytes] = [:]
        for record in records.values {
            guard let id = record.id, let info = record.info, let sent = info.slotBytesSent else { continue }
            bytes[id] = SlotBytes(sent: sent, received: info.slotBytesReceived ?? 0)
        }
        return bytes
    }

    private mutating func forgetOldRecords(_ topology: Topology, _ now: UInt64) {
        let named = Set(topology.nodes.values.compactMap(\.endpoint.name))
        for record in records.values where record.isSeed && !named.contains(record.key) && record.asking == nil {
            // A seed that was asked for figures alone is known by its id.
            guard let node = record.id.flatMap({ topology.nodes[$0] }) else { continue }
            _ = rename(record, node.endpoint)
        }
        // As a rule nobody is forgotten, and then nothing is copied.
        let old = records.values.filter { record in
            !named.contains(record.key) && !record.isSeed && record.asking == nil
                && !(record.isReachable && record.id.map { topology.nodes[$0] != nil } == true)
                && now >= record.namedMilliseconds + Self.retentionMilliseconds
        }
        for record in old { records[record.key] = nil }
    }
}
