import ArgumentParser
import ShardCore

/// The search for a seed, in this process.
struct SeedCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "Hashes a second of the search for a seed, on one core.")

    @OptionGroup var report: ReportOptions

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        for (nodes, shards) in [(100, 50), (30, 15), (16, 8)] {
            let addresses = (0..<nodes).compactMap { NodeAddress("127.0.0.1:\(8_000 + $0)") }
            let samples = (0..<5).map { _ in
                let start = ContinuousClock.now
                var hashes = 0
                // Searches that are found soon are begun anew elsewhere.
                for first in 0..<200 where hashes < 8_000_000 {
                    var search = SeedSearch(
                        nodes: addresses, shardCount: shards, startingSeed: UInt64(first) * 1_000_000)
                    while search.advance(hashes: 100) == nil { hashes += 100 }
                }
                return Double(hashes) / ((ContinuousClock.now - start) / .seconds(1)) / 1_000_000
            }
            report.add(
                "seed search, \(nodes) nodes in \(shards) shards", samples, unit: "million hashes/s",
                goal: .atLeast(20))
        }
    }
}
