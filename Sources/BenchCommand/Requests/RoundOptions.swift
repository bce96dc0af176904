import ArgumentParser
import Foundation
import NIOCore

/// How much is sent, and how often.
struct RoundOptions: ParsableArguments {
    @Option(help: "Connections at once.") var connections = 32
    @Option(help: "Requests of one round, over all connections.") var requests = 60_000
    @Option(help: "Rounds of each side, alternating.") var rounds = 5
    @Option(help: "The first of the ports used.") var port = 19_300

    func generator(_ items: [LoadGenerator.Item], _ port: Int, requests: Int? = nil) -> LoadGenerator {
        let answers = max(1, items.first?.answers ?? 1)
        return LoadGenerator(
            port: port, items: items, connections: connections,
            itemsPerConnection: max(1, (requests ?? self.requests) / connections / answers))
    }

    /// Requests a second, one figure a round; a round before them warms up.
    func rates(_ items: [LoadGenerator.Item], _ port: Int) async throws -> [Double] {
        var rates: [Double] = []
        for round in 0...rounds {
            let rate = try await generator(items, port).run()
            if round > 0 { rates.append(rate) }
        }
        return rates
    }

    /// Alternates between the node and a bare server, and reports the rate and its ratio, and what a request costs either
    /// of the processor.
    func compare(
        _ name: String, _ items: [LoadGenerator.Item], _ cluster: BenchCluster, _ bare: BareServer, _ report: Report,
        goal: Double
    ) async throws -> [Double] {
        var node: [Double] = []
        var other: [Double] = []
        var costs: [Double] = []
        var bareCosts: [Double] = []
        for round in 0...rounds {
            let (rate, cost) = try await measured(items, cluster.port, cluster.processes[0])
            let (bareRate, bareCost) = try await measured(items, bare.port, bare.process)
            guard round > 0 else { continue }
            node.append(rate)
            other.append(bareRate)
            costs += cost.map { [$0] } ?? []
            bareCosts += bareCost.map { [$0] } ?? []
        }
        report.add(name, node, unit: "/s")
        report.add(
            "\(name), of the bare server", zip(node, other).map { $0 / $1 }, unit: "x", goal: .atLeast(goal))
        report.add("\(name), processor time of a request", costs, unit: "us")
        report.add("\(name), the bare server's", bareCosts, unit: "us")
        return node
    }

    /// The rate, and the processor time of the server for each request.
    private func measured(_ items: [LoadGenerator.Item], _ port: Int, _ process: Process) async throws -> (
        rate: Double, cost: Double?
    ) {
        let generator = generator(items, port)
        let before = Processor.microseconds(of: process.processIdentifier)
        let rate = try await generator.run()
        let after = Processor.microseconds(of: process.processIdentifier)
        let count = Double(generator.itemsPerConnection * connections * (items.first?.answers ?? 1))
        guard let before, let after else { return (rate, nil) }
        return (rate, (after - before) / count)
    }

    func addRatio(_ name: String, _ rates: [Double], _ others: [Double], _ report: Report, goal: Double) {
        let other = Report.median(others)
        report.add(name, rates.map { $0 / other }, unit: "x", goal: .atLeast(goal))
    }
}

struct BareServer {
    let port: Int
    let process: Process
}

/// Bare servers, each of which answers with the bytes of one answer of a node.
final class BareServers {
    private let programs: Programs
    private var port: Int

    init(_ programs: Programs, port: Int) {
        self.programs = programs
        self.port = port
    }

    func start(answering answer: String) async throws -> BareServer {
        let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init) ?? ""
        port += 1
        let process = try programs.start("shardbench", ["bare-server", "--port", "\(port)", "--body", body])
        let port = port
        try await Programs.await("the bare server does not answer on port \(port)", withinSeconds: 4) {
            guard let probe = try? await Probe.connect(port: port) else { return false }
            await probe.close()
            return true
        }
        return BareServer(port: port, process: process)
    }
}
