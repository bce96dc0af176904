import ArgumentParser
import Foundation
import HostSystem

/// Measures the memory that keys and open connections take.
struct MemoryCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "memory", abstract: "Resident bytes a key, and of many open connections.")

    @OptionGroup var report: ReportOptions
    @OptionGroup var sizes: RoundOptions
    @Option(name: .customLong("keys"), help: "Keys of 16 bytes with values of 20.") var keyCount = 1_000_000
    @Option(name: .customLong("idle"), help: "Connections that are open and idle.") var idleCount = 10_000

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        let cluster = try await BenchCluster.start(programs, nodes: 2, shardCount: 1, port: sizes.port + 100)
        guard let empty = cluster.resident(0) else {
            return report.skip("memory", "this system does not tell the memory of processes")
        }
        report.add("an empty node", [empty / 1_048_576], unit: "MB resident")
        _ = try await cluster.load(keyCount)
        // The log of what is replicated is given up once the other member has confirmed it.
        try await Task.sleep(for: .seconds(2))
        let full = cluster.resident(0) ?? empty
        report.add(
            "memory a key, at \(keyCount) keys", [(full - empty) / Double(keyCount)], unit: "bytes", goal: .atMost(200))
        programs.stop()
        // Another one, for the memory that connections leave behind would be used for keys.
        let other = try await BenchCluster.start(programs, nodes: 2, shardCount: 1, port: sizes.port + 110)
        try await measureConnections(other, report)
        programs.stop()
    }

    private func measureConnections(_ cluster: BenchCluster, _ report: Report) async throws {
        let limit = FileLimit.raise()
        let count = min(idleCount, limit - 1_000)
        guard count >= 100 else {
            return report.skip("open connections", "no more than \(limit) files may be open")
        }
        if count < idleCount { print("only \(count) connections: no more than \(limit) files may be open") }
        let items = Requests.single((0..<1_024).map { Requests.put(Requests.key($0)) })
        let alone = try await sizes.rates(items, cluster.port)
        let before = cluster.resident(0) ?? 0
        var idle: [Probe] = []
        for number in 0..<count {
            let probe = try await Probe.connect(port: cluster.port)
            _ = try await probe.ask(Requests.get(Requests.key(number % 1_024)))
            idle.append(probe)
        }
        report.add(
            "memory of a connection that has asked once and is idle, \(count) open",
            [((cluster.resident(0) ?? 0) - before) / Double(count) / 1_024],
            unit: "KB", goal: .atMost(8))
        let crowded = try await sizes.rates(items, cluster.port)
        sizes.addRatio("PUT rate with them open, of that without", crowded, alone, report, goal: 0.9)
        for probe in idle { await probe.close() }
    }
}
