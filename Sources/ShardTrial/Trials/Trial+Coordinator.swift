import ShardClient
import ShardCore
import ShardWire

extension Trial {
    private static let triesMax = 8

    static func coordinator(_ options: Options) async throws -> Report {
        var options = options
        // Slow enough that a phase can be hit.
        options.setup.keysPerSecondMax = options.keyCount
        let settled = options
        return try await TrialCluster.with(settled.setup) { cluster, transport in
            let client = ClusterClient(nodes: cluster.nodes, transport: transport)
            for index in 0..<settled.keyCount {
                _ = try await client.put("trial-\(index)", value: JSONText("\(index)") ?? .null)
            }
            try await cluster.awaitAgreement(transport)
            var report = Report()
            var count = 3
            for phase in [ReshardProgress.Phase.check, .collate, .rebalance, .broadcast, .freeze] {
                var tries = 0
                var wasHit = false
                while !wasHit, tries < triesMax {
                    tries += 1
                    wasHit = try await kill(in: phase, reshardingTo: count, cluster, transport, settled, &report)
                    count = count == 3 ? 2 : 3
                }
                settled.tell("\(phase.rawValue): \(wasHit ? "hit" : "too short to be hit") in \(tries) tries")
            }
            return report
        }
    }

    /// Kills the coordinator when it says that it is in `phase`; false if that was over before it was seen.
    private static func kill(
        in phase: ReshardProgress.Phase, reshardingTo count: Int, _ cluster: TrialCluster, _ transport: NodeTransport,
        _ options: Options, _ report: inout Report
    ) async throws -> Bool {
        let watch = cluster.source(transport)
        var known: Set<String> = []
        for node in await watch.snapshot().nodes {
            if case .full(let state) = node.answer, let progress = state.reshard { known.insert(progress.operation) }
        }
        let request = Task { try await cluster.source(transport).reshard(shardCount: count) }
        defer { request.cancel() }
        var wasHit = false
        var coordinator: NodeAddress?
        let end = ContinuousClock.now + TrialCluster.patience
        while ContinuousClock.now < end {
            guard let progress = await watch.snapshot().reshard, !known.contains(progress.operation) else {
                continue
            }
            coordinator = progress.coordinator
            if progress.phase == phase { wasHit = true }
            if progress.phase >= phase { break }
        }
        guard let victim = coordinator else { throw TrialError("no reshard began") }
        options.tell("kill -9 \(victim), in \(phase.rawValue): \(wasHit)")
        cluster.kill9(victim)
        let death = ContinuousClock.now
        try await cluster.awaitAgreement(transport)
        let live = ClusterClient(nodes: cluster.nodes.filter { $0 != victim }, transport: transport)
        for index in 0..<options.keyCount {
            let answer = try await live.get("trial-\(index)")
            if answer.value?.description != "\(index)" {
                report.problems.append(
                    "after a death in \(phase.rawValue), trial-\(index) is \(answer.value?.description ?? "gone")")
            }
        }
        _ = try await reshard(to: 2, at: cluster, transport)
        try await cluster.awaitAgreement(transport)
        if wasHit {
            report.note(
                "all keys read and a new reshard in force after a death in \(phase.rawValue)",
                ContinuousClock.now - death)
        }
        try cluster.start(victim)
        try await cluster.awaitAgreement(transport)
        return wasHit
    }
}
