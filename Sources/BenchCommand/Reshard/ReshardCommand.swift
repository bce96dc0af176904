import ArgumentParser
import Foundation
import NIOCore

/// A reshard of many keys, while somebody reads.
struct ReshardCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "reshard", abstract: "Move many keys from 2 to 3 shards and back on six nodes.")

    @OptionGroup var report: ReportOptions
    @Option(help: "Keys of 16 bytes with values of 20.") var keys = 1_000_000
    @Option(help: "The first of the ports used.") var port = 19_400

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        let cluster = try await BenchCluster.start(programs, nodes: 6, shardCount: 2, port: port)
        let empty = cluster.resident(0)
        report.add("loading \(keys) keys, pipelined", [try await cluster.load(keys)], unit: "keys/s")
        var rates: [Double] = []
        var pauses: [Double] = []
        var latencies: [Double] = []
        var slowest: [Double] = []
        var memory: [Double] = []
        for count in [3, 2, 3] {
            try await Task.sleep(for: .seconds(3))
            let before = cluster.resident(0) ?? 0
            async let watched = watch(cluster)
            let start = ContinuousClock.now
            let answer = try await reshard(to: count)
            rates.append(Double(keys) / ((ContinuousClock.now - start) / .seconds(1)))
            guard answer.contains("resharded") || answer.contains("successfully") else {
                throw Programs.Problem("the reshard was refused: \(answer.prefix(200))")
            }
            finished.set()
            let (reads, peak) = try await watched
            latencies.append(Report.percentile(0.99, of: reads))
            slowest.append(reads.max() ?? 0)
            // Where the system does not tell the memory of processes, there is none to report.
            if before > 0 { memory.append((peak - before) / 1_048_576) }
            let progress = try HTTP.answer(port, "GET", "/shardnode/v1/reshard")
            if let pause = HTTP.field("writePauseMicroseconds", in: progress).flatMap(Double.init) {
                pauses.append(pause / 1_000)
            }
        }
        report.add("reshard, from request to reply", rates, unit: "keys/s", goal: .atLeast(300_000))
        report.add("its write pause", pauses, unit: "ms", goal: .atMost(50))
        report.add("99 % of reads during it within", latencies, unit: "ms", goal: .atMost(20))
        report.add("the slowest read during it", slowest, unit: "ms")
        let served = ((cluster.resident(0) ?? 0) - (empty ?? 0)) / 1_048_576
        report.add(
            "the coordinator's extra memory at its peak", memory, unit: "MB", goal: .atMost(served * 0.25 + 64))
        programs.stop()
    }

    private var finished: Flag { Self.flag }
    private static let flag = Flag()

    private func reshard(to count: Int) async throws -> String {
        let probe = try await Probe.connect(port: port)
        let answer = try await probe.ask(
            Requests.bytes("PUT", "/shard/reshard", #"{"shard-count":\#(count)}"#)
        ).answer
        await probe.close()
        return answer
    }

    /// Reads through a node that does not coordinate, 500 times a second, until ``finished``; and the coordinator's
    /// memory at its peak.
    private func watch(_ cluster: BenchCluster) async throws -> (milliseconds: [Double], peakBytes: Double) {
        finished.clear()
        let probe = try await Probe.connect(port: port + 2)
        var times: [Double] = []
        var peak = 0.0
        var number = 1
        while !finished.isSet {
            number = (number * 7_919 + 1) % keys
            times.append(try await probe.ask(Requests.get(Requests.key(number))).milliseconds)
            peak = max(peak, cluster.resident(0) ?? 0)
            try await Task.sleep(for: .milliseconds(2))
        }
        await probe.close()
        return (times, peak)
    }
}
