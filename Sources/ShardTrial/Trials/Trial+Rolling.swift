import ShardClient
import ShardCore
import ShardSim
import ShardWire

extension Trial {
    /// Rounds of restarts under each durability, for a third of the time each, and one at least.
    static func rolling(_ options: Options) async throws -> Report {
        var (whole, options) = (Report(), options)
        for durability in Durability.allCases {
            options.setup.durability = durability
            let part = try await rollUnderLoad(options)
            whole.problems += part.problems
            whole.milliseconds += part.milliseconds
            whole.counts = part.counts
        }
        return whole
    }

    private static func rollUnderLoad(_ options: Options) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let durability = options.setup.durability
            let load = Load(cluster, transport, keyCount: options.keyCount)
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 4)
            ) {
                var (rounds, longest, random) = (0, Duration.zero, SeededRandom(seed: options.seed))
                let end = ContinuousClock.now + .seconds(options.seconds / Double(Durability.allCases.count))
                repeat {
                    for isKill in [false, true] {
                        let words = try await restartAll(of: cluster, isKill: isKill, &random)
                        let agreed = try await cluster.awaitAgreement(transport)
                        options.tell("\(durability): \(words); all serve again after \(agreed)")
                        (rounds, longest) = (rounds + 1, max(longest, agreed))
                    }
                } while ContinuousClock.now < end
                var report = Report()
                report.note("\(durability), \(rounds) rounds: all serve again within", longest)
                return report
            }
            // Without a forced disk what a whole shard held may go with it, as the README says.
            if durability == .sync { try await finish(&report, load, cluster, transport) }
            return report
        }
    }

    /// Ends and starts each node, from 0.05 to 2 s after the one before, whether that serves again or not.
    private static func restartAll(
        of cluster: TrialCluster, isKill: Bool, _ random: inout SeededRandom
    ) async throws -> String {
        let most = [50, 300, 2_000].randomElement(using: &random) ?? 50
        for node in cluster.nodes.shuffled(using: &random) {
            if isKill { cluster.kill9(node) } else { try await cluster.stop([node]) }
            try cluster.start(node)
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...most, using: &random)))
        }
        return "\(isKill ? "killed and started" : "stopped and started") all, at most \(most) ms apart"
    }
}
