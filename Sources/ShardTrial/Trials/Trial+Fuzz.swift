import Foundation
import ShardClient
import ShardCore
import ShardWire

extension Trial {
    /// More than nodes of a trial ever need, and less than a table without a bound would take.
    private static let residentBytesMax = 600 * 1024 * 1024
    private static let lanesPerNode = 2

    /// Strangers tell lies to live nodes, as peers and as clients: first to an open cluster, then to a closed one.
    static func fuzz(_ options: Options) async throws -> Report {
        let liar = PeerLiar(seed: options.seed)
        var report = try await fuzzOpen(options, liar)
        let closed = try await fuzzClosed(options, liar)
        report.problems += closed.problems
        report.lines += closed.lines
        report.counts = closed.counts
        report.milliseconds += closed.milliseconds
        return report
    }

    /// An open cluster believes lies within its bounds, so what it holds is not judged: only that every node lives,
    /// answers, and stays within its memory.
    private static func fuzzOpen(_ options: Options, _ liar: PeerLiar) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let load = Load(cluster, transport, keyCount: options.keyCount)
            cluster.overhear { liar.hear($0, to: $1) }
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 4)
            ) {
                try await awaitWork(load, 200)
                _ = try await reshard(to: 1, at: cluster, transport)
                _ = try await reshard(to: options.setup.shardCount, at: cluster, transport)
                return try await attack(cluster, liar, [.open], options)
            }
            let counts = liar.counts
            report.lines.append(
                "open: \(counts.lies) lies of \(liar.kinds) kinds on \(counts.links) links, and \(report.lines.removeLast())"
            )
            if counts.lies < 100 { report.problems.append("only \(counts.lies) lies were told") }
            return report
        }
    }

    /// A closed cluster believes nothing of it, so the account of the clients must hold.
    private static func fuzzClosed(_ options: Options, _ liar: PeerLiar) async throws -> Report {
        var setup = options.setup
        let files = try ClosedFiles()
        setup.arguments = files.secretArguments
        return try await TrialCluster.with(setup) { cluster, transport in
            let load = Load(cluster, transport, keyCount: options.keyCount)
            let before = liar.counts
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 4)
            ) {
                try await attack(cluster, liar, PeerLiar.Manner.allCases, options)
            }
            let counts = liar.counts
            report.lines.append(
                "closed: \(counts.refusedLinks - before.refusedLinks) links refused at once and "
                    + "\(counts.links - before.links) that proved nothing, and \(report.lines.removeLast())")
            for node in cluster.nodes {
                guard let state = try await cluster.nodeState(node, transport) else {
                    report.problems.append("\(node) tells no state after the attack")
                    continue
                }
                if state.replica.refusedMessages ?? 0 > 0 {
                    report.problems.append("\(node) looked at messages of links that proved nothing")
                }
                if state.security?.refusedLinks ?? 0 == 0 { report.problems.append("\(node) refused no link") }
            }
            try await finish(&report, load, cluster, transport)
            return report
        }
    }

    /// Adds a line on the clients' noise and the nodes' memory to the report.
    private static func attack(
        _ cluster: TrialCluster, _ liar: PeerLiar, _ manners: [PeerLiar.Manner], _ options: Options
    ) async throws -> Report {
        let noise = HTTPNoise()
        var largest = 0
        let nodes = cluster.nodes
        let attackers = Task {
            await withTaskGroup(of: Void.self) { group in
                for (index, node) in nodes.enumerated() {
                    for lane in 0..<lanesPerNode {
                        let seed = options.seed &+ UInt64(index * lanesPerNode + lane) &* 104_729
                        for manner in manners {
                            group.addTask { await liar.lie(to: node, as: nodes, manner, seed: seed) }
                        }
                        group.addTask { await noise.make(at: node, seed: seed) }
                    }
                }
            }
        }
        let end = ContinuousClock.now + .seconds(options.seconds / 2)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(200))
            largest = max(largest, nodes.compactMap { cluster.residentBytes(of: $0) }.max() ?? 0)
        }
        attackers.cancel()
        await attackers.value
        var report = Report()
        report.problems += noise.counts.wrong
        if largest > residentBytesMax { report.problems.append("a node took \(largest >> 20) MB") }
        for node in nodes {
            guard cluster.isRunning(node) else {
                report.problems.append("\(node) has ended")
                continue
            }
            let socket = try await RawSocket.open(to: node)
            await socket.send(Array("GET /shardnode/v1/health HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
            let answer = await socket.received(within: TrialCluster.patience) { $0.contains("\r\n\r\n") }
            if !answer.hasPrefix("HTTP/1.1 ") { report.problems.append("\(node) does not answer after it") }
            await socket.close()
        }
        let statuses = noise.counts.byStatus.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }
        report.lines.append(
            "\(noise.counts.requests) spoilt requests answered \(statuses.joined(separator: ", ")); a node took "
                + "\(largest >> 20) MB at the most")
        return report
    }
}
