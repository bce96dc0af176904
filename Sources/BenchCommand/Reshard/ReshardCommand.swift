import ArgumentParser
import Foundation
import ShardCore

/// A reshard of many keys, while somebody reads.
struct ReshardCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "reshard", abstract: "Move many keys from 2 to 3 shards and back on six nodes.")

    @OptionGroup var report: ReportOptions
    @Option(help: "Keys of 16 bytes with values of 20.") var keys = 1_000_000
    @Option(help: "Clusters; each goes from 2 to 3 shards and back.") var rounds = 3
    @Option(help: "The first of the ports used.") var port = 19_400

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        var figures = Figures()
        // Each on a cluster of its own: memory that a reshard before gave back to the allocator would count as nothing.
        for _ in 0..<rounds {
            let cluster = try await BenchCluster.start(programs, nodes: 6, shardCount: 2, port: port)
            let empty = cluster.resident(0)
            figures.loads.append(try await cluster.load(keys))
            try await cluster.awaitReplicas()
            try await Task.sleep(for: .seconds(2))
            try await reshard(cluster, to: 3, emptyBytes: empty, &figures)
            // Until what the first left over is freed.
            try await Task.sleep(for: .seconds(3))
            try await reshard(cluster, to: 2, emptyBytes: nil, &figures)
            programs.stop()
        }
        report.add("loading \(keys) keys, pipelined", figures.loads, unit: "keys/s")
        report.add("reshard, from request to reply", figures.rates, unit: "keys/s", goal: .atLeast(300_000))
        report.add("its write pause", figures.pauses, unit: "ms", goal: .atMost(50))
        report.add(
            "99 % of 500 reads a second during it within", figures.latencies, unit: "ms", goal: .atMost(20))
        report.add("the slowest read during it", figures.slowest, unit: "ms")
        let bound = Report.median(figures.served) * 0.25 + 64
        report.add(
            "the coordinator's extra memory at its peak", figures.memory, unit: "MB",
            goal: figures.served.isEmpty ? nil : .atMost(bound))
        report.add("the data it serves", figures.served, unit: "MB")
        report.add("keys that change their shard", figures.moving, unit: "keys/s")
        try await RedisReshard(port: port + 40, keys: min(keys, 300_000), ownRates: figures.moving)
            .measure(programs, report)
    }

    private struct Figures {
        var loads: [Double] = []
        /// Of all keys, and of those that change their shard.
        var rates: [Double] = []
        var moving: [Double] = []
        var pauses: [Double] = []
        var latencies: [Double] = []
        var slowest: [Double] = []
        /// In MB, of the first reshard of a cluster.
        var memory: [Double] = []
        var served: [Double] = []
    }

    /// The keys that have another shard than before.
    private static func movedKeys(_ progress: String) -> Int {
        struct Told: Decodable {
            let reshard: ReshardProgress?
        }
        let body = progress.components(separatedBy: "\r\n\r\n").dropFirst().joined()
        let told = try? JSONDecoder().decode(Told.self, from: Data(body.utf8))
        return told?.reshard?.moves.filter { $0.from != $0.to }.reduce(0) { $0 + $1.planned } ?? 0
    }

    /// - Parameter emptyBytes: the coordinator's memory before there were keys; nil if its memory is not looked at.
    private func reshard(
        _ cluster: BenchCluster, to count: Int, emptyBytes: Double?, _ figures: inout Figures
    ) async throws {
        let before = Resident.resetPeak(of: cluster.processes[0].processIdentifier) ? cluster.resident(0) : nil
        let isOver = Flag()
        // Through a node that does not coordinate.
        async let reads = ScheduledReads(port: port + 2, keys: keys, rate: 500).run(until: isOver)
        let start = ContinuousClock.now
        let answer: String
        do {
            defer { isOver.set() }
            answer = try await HTTP.answer(port, "PUT", "/shard/reshard", #"{"shard-count":\#(count)}"#)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        figures.rates.append(Double(keys) / seconds)
        guard answer.contains("resharded") || answer.contains("successfully") else {
            throw Programs.Problem("the reshard was refused: \(answer.prefix(200))")
        }
        let times = try await reads
        figures.latencies.append(Report.percentile(0.99, of: times))
        figures.slowest.append(times.max() ?? 0)
        if let emptyBytes, let before, let peak = Resident.peakBytes(of: cluster.processes[0].processIdentifier) {
            figures.memory.append((peak - before) / 1_048_576)
            figures.served.append((before - emptyBytes) / 1_048_576)
        }
        let progress = try await HTTP.answer(port, "GET", "/shardnode/v1/reshard")
        figures.moving.append(Double(Self.movedKeys(progress)) / seconds)
        if let pause = HTTP.field("writePauseMicroseconds", in: progress).flatMap(Double.init) {
            figures.pauses.append(pause / 1_000)
        }
    }
}
