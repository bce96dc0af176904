import ShardCore

extension SimulationRun {
    /// The time from the end of all faults until the cluster must be as it was meant to be.
    private static let convergenceMilliseconds: UInt64 = 40_000
    /// The time until an operator has seen that the cluster does not get there by itself.
    private static let operatorMilliseconds: UInt64 = 10_000

    var areAllServing: Bool {
        cluster.running.allSatisfy { cluster.replica(of: $0)?.servingState == .serving || isJoiner($0) }
    }

    private func isJoiner(_ node: NodeAddress) -> Bool { cluster.replica(of: node)?.servingState == .joiner }

    /// Ends the faults, and waits until everything has converged.
    func quieten() {
        endFaults()
        let end = cluster.nowMicroseconds + Self.convergenceMilliseconds * 1_000
        let stepIn = cluster.nowMicroseconds + Self.operatorMilliseconds * 1_000
        var hasSteppedIn = false
        while cluster.nowMicroseconds < end, failures.isEmpty {
            for _ in 0..<20 where failures.isEmpty { advance(isSending: false) }
            if clients.areIdle, changes.isEmpty, unsettled == nil { return }
            if !hasSteppedIn, cluster.nowMicroseconds >= stepIn { hasSteppedIn = forceWhereVotesAreGone() }
        }
        guard failures.isEmpty else { return }
        let (property, text) = unsettled ?? (.requestsAreAnswered, "requests are still open")
        fail(property, "\(text), \(Self.convergenceMilliseconds / 1_000) s after all faults ended")
    }

    /// Does the operator's work if a majority has lost its votes with its memory: forces the layout, since no other
    /// members may decide for that majority. Returns whether this was necessary.
    private func forceWhereVotesAreGone() -> Bool {
        let layouts = Set(cluster.running.compactMap { cluster.replica(of: $0)?.recordInForce.layout })
        guard changes.isEmpty, layouts.count == 1, let layout = layouts.first, isMajorityWithoutVotes,
            let number = layout.members.first.flatMap({ allNodes.firstIndex(of: $0) })
        else { return false }
        note("a majority has lost its votes: the operator forces the layout")
        change(.reshard(shardCount: layout.shardCount, force: true), at: number + 1, fault: "forced reshard")
        return true
    }

    /// The reason why the cluster is not settled; nil if it is.
    private var unsettled: (Property, String)? {
        let running = cluster.running
        let epochs = Set(running.compactMap { cluster.replica(of: $0)?.recordInForce.layout.epoch })
        if epochs.count > 1 { return (.clusterConverges, "the nodes are in epochs \(epochs.sorted())") }
        if !areAllServing {
            let states = running.map { "\($0.host) \(cluster.replica(of: $0)?.servingState.rawValue ?? "")" }
            return (.clusterConverges, states.joined(separator: ", "))
        }
        let marks = Set(running.map { cluster.replica(of: $0)?.cluster })
        if marks.count > 1 || marks.first??.standing != .settled {
            return (
                .clustersStayApart,
                "the nodes have the ids \(marks.map { $0.map { "\($0.id), \($0.standing)" } ?? "none" })"
            )
        }
        let views = Set(running.compactMap { cluster.ask(.view, at: $0, withinMilliseconds: 0) })
        if views.count > 1 { return (.clusterConverges, "the nodes see different views") }
        for node in running {
            let work = cluster.replica(of: node)?.openWork ?? []
            if !work.isEmpty { return (.queuesDrain, "\(node) still has \(work.joined(separator: ", "))") }
        }
        return differenceOfReplicas
    }

    private var differenceOfReplicas: (Property, String)? {
        guard let layout = cluster.running.first.flatMap({ cluster.replica(of: $0)?.recordInForce.layout }) else {
            return nil
        }
        for (shard, members) in layout.shards.enumerated() {
            let replicas = members.compactMap { cluster.replica(of: $0) }
            guard let first = replicas.first else { continue }
            let expected = entries(first)
            for key in expected.keys where layout.shard(ofKey: key) != shard {
                return (.replicasAreIdentical, "\(members[0]) of shard \(shard) holds \(key) of another shard")
            }
            for (member, replica) in zip(members, replicas).dropFirst() {
                let held = entries(replica)
                // One member may have forgotten a tombstone before the other does.
                let keys = Set(expected.keys).union(held.keys).filter {
                    expected[$0] != held[$0] && (expected[$0]?.value != nil || held[$0]?.value != nil)
                }
                guard let key = keys.min() else { continue }
                return (
                    .replicasAreIdentical,
                    "\(members[0]) and \(member) of shard \(shard) differ in \(keys.count) keys, first \(key): "
                        + "\(tell(expected[key])) and \(tell(held[key]))"
                )
            }
            if Set(replicas.map(\.knowledge)).count > 1 {
                return (.replicasAreIdentical, "the members of shard \(shard) hold the same and cover different writes")
            }
        }
        return nil
    }

    private func entries(_ replica: Replica) -> [String: Entry] {
        Dictionary(replica.storedRecords.map { ($0.key, $0.entry) }, uniquingKeysWith: { first, _ in first })
    }

    func tell(_ entry: Entry?) -> String {
        guard let entry else { return "nothing" }
        let value = entry.value.map { String(decoding: $0, as: UTF8.self) } ?? "a tombstone"
        return "\(value) @\(entry.version.timestamp) of \(entry.version.dot.origin.node)"
    }
}
