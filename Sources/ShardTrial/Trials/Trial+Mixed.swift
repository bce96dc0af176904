import ShardClient
import ShardCore
import ShardSim
import ShardWire

extension Trial {
    static func mixed(_ options: Options) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let load = Load(cluster, transport, keyCount: options.keyCount)
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 8)
            ) {
                try await awaitWork(load, 200)
                let injuries = Task {
                    var random = SeededRandom(seed: options.seed)
                    while !Task.isCancelled {
                        try await injure(cluster, transport, options, &random)
                    }
                }
                defer { injuries.cancel() }
                var report = Report()
                let start = ContinuousClock.now
                for (index, count) in [3, 1, 3, 2].enumerated() {
                    let due = start + .seconds(options.seconds * Double(index + 1) / 5)
                    try await Task.sleep(until: due, clock: .continuous)
                    let progress = try await reshard(to: count, at: cluster, transport)
                    report.resharded.append(count)
                    if let pause = progress?.writePauseMicroseconds {
                        report.pauseMilliseconds.append(Double(pause) / 1_000)
                    }
                    options.tell("resharded to \(count)")
                }
                try await Task.sleep(until: start + .seconds(options.seconds), clock: .continuous)
                injuries.cancel()
                _ = await injuries.result
                return report
            }
            try await finish(&report, load, cluster, transport)
            return report
        }
    }

    /// Does one thing to the cluster, and undoes it. Never more than one node is down at a time.
    private static func injure(
        _ cluster: TrialCluster, _ transport: NodeTransport, _ options: Options, _ random: inout SeededRandom
    ) async throws {
        let pair = cluster.nodes.shuffled(using: &random).prefix(2)
        guard let node = pair.first, let other = pair.last else { return }
        let length = Duration.milliseconds(Int.random(in: 200...3_000, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1:
            options.tell("kill -9 \(node)")
            cluster.kill9(node)
            try? await Task.sleep(for: length)
            try cluster.start(node)
        case 2:
            options.tell("stop \(node) for \(length)")
            cluster.pause(node)
            try? await Task.sleep(for: length)
            cluster.goOn(node)
        case 3:
            options.tell("cut \(node) off from \(other) for \(length)")
            cluster.partition([node], from: [other])
            try? await Task.sleep(for: length)
            cluster.healLinks()
        case 4:
            options.tell("hold back what \(node) sends to \(other) for \(length)")
            cluster.link(from: node, to: other, .held)
            try? await Task.sleep(for: length)
            cluster.healLinks()
        case 5:
            options.tell("slow the links of \(node) for \(length)")
            slow(node, milliseconds: 40, cluster)
            try? await Task.sleep(for: length)
            cluster.healLinks()
        default:
            options.tell("slow the links of \(node) for \(length), and kill -9 it before its last words are out")
            slow(node, milliseconds: 300, cluster)
            try? await Task.sleep(for: length)
            cluster.kill9(node)
            cluster.healLinks()
            try cluster.start(node)
        }
        // Whoever comes back has its data again before the next one goes.
        try await cluster.awaitAgreement(transport)
        try? await Task.sleep(for: .milliseconds(Int.random(in: 200...1_500, using: &random)))
    }

    private static func slow(_ node: NodeAddress, milliseconds: Int64, _ cluster: TrialCluster) {
        for peer in cluster.nodes where peer != node {
            cluster.link(from: node, to: peer, .slow(milliseconds: milliseconds))
        }
    }
}
