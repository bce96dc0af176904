import ShardClient
import ShardCore
import ShardWire

extension Trial {
    static func halves(_ options: Options) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let states = await cluster.source(transport).snapshot().states
            guard let shards = states.values.first?.shards else { throw TrialError("no node tells its layout") }
            // Every second member of each shard, so that both halves have one of each.
            var one: [NodeAddress] = []
            for members in shards {
                one += members.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            }
            let half = one
            let other = cluster.nodes.filter { !half.contains($0) }
            let load = Load(cluster, transport, keyCount: options.keyCount)
            let homes = (0..<8).map { $0 % 2 == 0 ? half : other }
            var report = try await whileLoaded(load, seed: options.seed, homes: homes) {
                try await awaitWork(load, 400)
                cluster.partition(half, from: other)
                options.tell("cut \(half) off from \(other)")
                // Each side has noticed that the other is gone, and works on.
                let source = cluster.source(transport)
                let end = ContinuousClock.now + TrialCluster.patience
                while true {
                    let states = await source.snapshot().states
                    let isNoticed = states.allSatisfy { node, status in
                        let gone = half.contains(node) ? other : half
                        return status.peers.allSatisfy { !gone.contains($0.address) || $0.health == .down }
                    }
                    if isNoticed, states.count == cluster.nodes.count { break }
                    guard ContinuousClock.now < end else { throw TrialError("the halves do not notice the cut") }
                    try await Task.sleep(for: .milliseconds(50))
                }
                let before = cluster.nodes.map { load.writes(at: $0) }
                try await Task.sleep(for: .seconds(options.seconds / 2))
                try await awaitWork(load, 1_000)
                var report = Report()
                for (node, before) in zip(cluster.nodes, before) where load.writes(at: node) <= before {
                    report.problems.append("\(node) took no write while it was cut off from the other half")
                }
                return report
            }
            let healed = ContinuousClock.now
            cluster.healLinks()
            options.tell("healed")
            try await finish(&report, load, cluster, transport)
            report.note("from healing until all tell the same", ContinuousClock.now - healed)
            return report
        }
    }

    static func blackout(_ options: Options) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let load = Load(cluster, transport, keyCount: options.keyCount)
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 8)
            ) {
                try await awaitWork(load, 400)
                try await Task.sleep(for: .seconds(options.seconds / 4))
                for node in cluster.nodes { cluster.kill9(node) }
                options.tell("killed all")
                return Report()
            }
            try await finish(&report, load, cluster, transport)
            guard options.setup.durability != .memory else { return report }
            try await cluster.stopAll()
            options.tell("stopped all gracefully")
            for node in cluster.nodes { try cluster.start(node) }
            try await cluster.awaitAgreement(transport)
            report.problems += try await load.judgeEnd().problems
            return report
        }
    }
}
