import ArgumentParser
import Foundation
import NIOCore

/// How costs grow with the keys held, and with the nodes.
struct GrowthCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract: "What requests, heartbeats and polls cost with 1,000 to 1,000,000 keys and 6 to 100 nodes.")

    @OptionGroup var report: ReportOptions
    @OptionGroup var sizes: RoundOptions
    @Option(name: .customLong("keys"), help: "The most keys.") var keysMax = 1_000_000
    @Option(name: .customLong("nodes"), help: "The most nodes; each is a process.") var nodesMax = 100

    private static let nodeCounts = [6, 12, 25, 50, 100]
    private static let idleSeconds = 10.0
    /// Of the cores, taken by heartbeats alone.
    private static let crowdedShare = 0.8

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        guard Processor.microseconds(of: ProcessInfo.processInfo.processIdentifier) != nil else {
            return report.skip("growth", "this system does not tell the processor time of processes")
        }
        try await measureKeys(programs, report)
        try await measureNodes(programs, report)
    }

    private func measureKeys(_ programs: Programs, _ report: Report) async throws {
        let cluster = try await BenchCluster.start(programs, nodes: 2, shardCount: 1, port: sizes.port + 300)
        var growth = Growth()
        var count = 1_000
        while count <= keysMax {
            _ = try await cluster.load(count)
            try await cluster.awaitReplicas()
            // Spread over all keys, and the same number everywhere.
            let keys = (0..<4_096).map { Requests.key($0 * 7_919 % count) }
            try await measureRequests(keys, cluster, &growth, at: count)
            try await measurePolls(cluster, &growth, at: count)
            growth.add("a second of heartbeats", try await idleCost(cluster), unit: "ms", at: count)
            count *= 10
        }
        growth.report("keys", report)
        programs.stop()
    }

    /// Two nodes in each shard.
    private func measureNodes(_ programs: Programs, _ report: Report) async throws {
        var growth = Growth()
        for count in Self.nodeCounts where count <= nodesMax {
            let cluster = try await BenchCluster.start(
                programs, nodes: count, shardCount: count / 2, port: sizes.port + 400)
            let keys = cluster.keys(256, ofShard: cluster.firstShard)
            for key in keys { _ = try await Probe.ask(cluster.port, Requests.put(key)) }
            let idle = try await idleCost(cluster)
            growth.add("a second of heartbeats", idle, unit: "ms", at: count)
            // All of them do so at once.
            let cores = Double(ProcessInfo.processInfo.activeProcessorCount)
            if let idle, idle / 1_000 * Double(count) > cores * Self.crowdedShare { growth.markCrowded(count) }
            try await measureRequests(keys, cluster, &growth, at: count)
            try await measurePolls(cluster, &growth, at: count)
            programs.stop()
        }
        growth.report("nodes", report)
    }

    /// Processor time of one node, its heartbeats meanwhile included.
    private func measureRequests(
        _ keys: [String], _ cluster: BenchCluster, _ growth: inout Growth, at size: Int
    ) async throws {
        growth.add("a GET", try await cost(keys.map { Requests.get($0) }, cluster), unit: "us", at: size)
        growth.add("a PUT", try await cost(keys.map { Requests.put($0) }, cluster), unit: "us", at: size)
    }

    private func measurePolls(_ cluster: BenchCluster, _ growth: inout Growth, at size: Int) async throws {
        let poll = Requests.bytes("GET", "/shardnode/v1/state", nil)
        let bytes = try await Probe.ask(cluster.port, poll).utf8.count
        growth.add("a poll", try await cost([poll], cluster, requests: 8_000), unit: "us", at: size)
        growth.add("the answer to a poll", Double(bytes), unit: "bytes", at: size)
    }

    private func cost(_ requests: [ByteBuffer], _ cluster: BenchCluster, requests count: Int? = nil) async throws
        -> Double?
    {
        let generator = sizes.generator(Requests.single(requests), cluster.port, requests: count)
        _ = try await generator.run()
        let process = cluster.processes[0].processIdentifier
        guard let before = Processor.microseconds(of: process) else { return nil }
        _ = try await generator.run()
        guard let after = Processor.microseconds(of: process) else { return nil }
        return (after - before) / Double(generator.itemsPerConnection * generator.connections)
    }

    /// Milliseconds of processor time a second while nobody asks anything.
    private func idleCost(_ cluster: BenchCluster) async throws -> Double? {
        let process = cluster.processes[0].processIdentifier
        try await Task.sleep(for: .seconds(2))
        guard let before = Processor.microseconds(of: process) else { return nil }
        try await Task.sleep(for: .seconds(Self.idleSeconds))
        return Processor.microseconds(of: process).map { ($0 - before) / 1_000 / Self.idleSeconds }
    }
}
