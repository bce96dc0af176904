import ArgumentParser
import Foundation

/// How the cost of a request grows with the keys held.
struct GrowthCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "growth", abstract: "GET and PUT rates at 1,000 to 1,000,000 keys, and how they grow.")

    @OptionGroup var report: ReportOptions
    @OptionGroup var sizes: RoundOptions
    @Option(name: .customLong("keys"), help: "The most keys.") var keysMax = 1_000_000

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        let cluster = try await BenchCluster.start(programs, nodes: 2, shardCount: 1, port: sizes.port + 300)
        var points: [String: [(keys: Double, rate: Double)]] = [:]
        var count = 1_000
        while count <= keysMax {
            _ = try await cluster.load(count)
            // Spread over all keys, and the same number everywhere.
            let keys = (0..<4_096).map { Requests.key($0 * 7_919 % count) }
            for (name, items) in [
                ("GET", Requests.single(keys.map { Requests.get($0) })),
                ("PUT", Requests.single(keys.map { Requests.put($0) })),
            ] {
                let rates = try await sizes.rates(items, cluster.port)
                report.add("\(name) at \(count) keys", rates, unit: "/s")
                points[name, default: []].append((Double(count), Report.median(rates)))
            }
            count *= 10
        }
        for (name, line) in points.sorted(by: { $0.key < $1.key }) where line.count > 1 {
            report.add("the cost of a \(name) grows with the keys to the power of", [-slope(line)], unit: "")
        }
        programs.stop()
    }

    /// Of the logarithms, by least squares.
    private func slope(_ points: [(keys: Double, rate: Double)]) -> Double {
        let logs = points.map { (log($0.keys), log($0.rate)) }
        let x = logs.map(\.0).reduce(0, +) / Double(logs.count)
        let y = logs.map(\.1).reduce(0, +) / Double(logs.count)
        let above = logs.map { ($0.0 - x) * ($0.1 - y) }.reduce(0, +)
        let below = logs.map { ($0.0 - x) * ($0.0 - x) }.reduce(0, +)
        return above / below
    }
}
