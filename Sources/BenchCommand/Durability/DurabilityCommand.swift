import ArgumentParser
import Foundation

/// Measures the cost of a disk: for writes that are answered once they are on it, and for a node that starts from it.
struct DurabilityCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "durability", abstract: "PUT with every answer on the disk; start from a disk.")

    @OptionGroup var report: ReportOptions
    @OptionGroup var sizes: RoundOptions
    @Option(name: .customLong("keys"), help: "Keys on the disk of a node that starts.") var keyCount = 1_000_000
    @Option(
        help: ArgumentHelp(
            "Where the nodes keep their data; default: the system's temporary folder.", valueName: "path"))
    var folder: String?

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        let parent = folder.map { URL(fileURLWithPath: $0) } ?? FileManager.default.temporaryDirectory
        let folder = parent.appendingPathComponent("shardbench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // On a file system in memory nothing is forced to a disk, and the figures say nothing.
        let kind = try? programs.output("/usr/bin/env", ["stat", "-f", "-c", "%T", folder.path])
        let fileSystem = kind?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        print("the nodes' data is in \(folder.path), file system: \(fileSystem.isEmpty ? "unknown" : fileSystem)")
        guard fileSystem != "tmpfs" else {
            return report.skip("durability", "\(folder.path) is in memory; choose another place with --folder")
        }
        let items = Requests.single((0..<1_024).map { Requests.put(Requests.key($0)) })
        let memory = try await BenchCluster.start(programs, nodes: 2, shardCount: 1, port: sizes.port + 200)
        let disk = try await start(programs, folder, "sync", sizes.port + 210)
        var ratios: [Double] = []
        var rates: [Double] = []
        for round in 0...sizes.rounds {
            let one = try await sizes.generator(items, disk.port).run()
            let other = try await sizes.generator(items, memory.port).run()
            if round > 0 {
                rates.append(one)
                ratios.append(one / other)
            }
        }
        report.add("PUT, every answer on the disk", rates, unit: "/s")
        report.add("PUT, every answer on the disk, of in memory", ratios, unit: "x", goal: .atLeast(0.5))
        report.add("4 KB written and forced to that disk", try forced(folder), unit: "/s")
        programs.stop()
        try await measureStart(programs, folder, report)
    }

    private func start(_ programs: Programs, _ folder: URL, _ durability: String, _ port: Int) async throws
        -> BenchCluster
    {
        try await BenchCluster.start(programs, nodes: 2, shardCount: 1, port: port) { number in
            [
                "--durability", durability, "--data-dir",
                folder.appendingPathComponent("\(durability)-\(port)-\(number)").path,
            ]
        }
    }

    private func measureStart(_ programs: Programs, _ folder: URL, _ report: Report) async throws {
        let port = sizes.port + 220
        let cluster = try await start(programs, folder, "batched", port)
        _ = try await cluster.load(keyCount)
        var times: [Double] = []
        for _ in 0..<3 {
            // Gracefully, so that everything is on the disk.
            programs.stop()
            let begin = ContinuousClock.now
            let again = try await start(programs, folder, "batched", port)
            times.append((ContinuousClock.now - begin) / .seconds(1))
            let count = try await HTTP.answer(again.port, "GET", "/shard/key-count/0")
            guard count.contains("\(keyCount)") else {
                throw Programs.Problem("of \(keyCount) keys a start found: \(count.prefix(200))")
            }
        }
        report.add("two nodes' start from disks of \(keyCount) keys", times, unit: "s", goal: .atMost(3))
        programs.stop()
    }

    /// How often a second a small write reaches the disk itself, which bounds what commits can do.
    private func forced(_ folder: URL) throws -> [Double] {
        let path = folder.appendingPathComponent("forced").path
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw Programs.Problem("cannot write \(path)") }
        defer { try? file.close() }
        let block = Data(repeating: 1, count: 4_096)
        return try (0..<3).map { _ in
            let start = ContinuousClock.now
            var count = 0
            while ContinuousClock.now - start < .milliseconds(300) {
                try file.seek(toOffset: 0)
                try file.write(contentsOf: block)
                try file.synchronize()
                count += 1
            }
            return Double(count) / ((ContinuousClock.now - start) / .seconds(1))
        }
    }
}
