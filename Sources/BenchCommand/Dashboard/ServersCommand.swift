import ArgumentParser
import ClusterModel
import Dashboard
import Foundation
import HostSystem
import PaperCluster
import TerminalUI
import ValkeyClient

/// 1,000 Valkey servers on paper, which answer over sockets as real ones do, watched as an operator watches them.
struct ServersCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "servers", abstract: "Measure what watching 1,000 Valkey servers costs.")

    private static let name = "1,000 servers, 500 shards"

    @OptionGroup var report: ReportOptions
    @Option(help: "Seconds of the measurement of CPU time.") var seconds = 15

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        // Each listens, and is asked on a connection by each of two.
        let limit = FileLimit.raise()
        guard limit >= 6_000 else { return report.skip(Self.name, "this process may open \(limit) files only") }
        try await PaperCluster.with(.valkey9, primaries: 500, replicasEach: 1, unnamedKeysPerSlot: 10) { paper in
            guard let entry = paper.addresses.first else { throw Programs.Problem("no server listens") }
            try watchManyServers(entry, programs, report)
            try await Servers.with(login: .open) { servers in
                let poller = ClusterPoller(seeds: [entry], calls: servers)
                let source = ValkeySource(poller: poller, calls: servers, changer: nil, confirmationName: "bench")
                let cluster = try await lookAtFigures(source, report)
                measureFrames(cluster, await source.features, report)
            }
        }
    }

    private func watchManyServers(_ entry: ServerAddress, _ programs: Programs, _ report: Report) throws {
        let terminal = try PseudoTerminal(columns: 120, rows: 35)
        let begin = ProcessInfo.processInfo.systemUptime
        let process = try programs.start("shardtop", ["watch", "valkey://\(entry)"], on: terminal)
        try terminal.await("shardtop")
        let first = (ProcessInfo.processInfo.systemUptime - begin) * 1_000
        report.add("\(Self.name): first frame after the start", [first], unit: "ms", goal: .atMost(100))
        try terminal.await("163,840")
        // The first look asks everybody at once.
        sleep(10)
        let used = try DashboardCommand.usage(of: process, terminal, seconds: seconds)
        report.add("\(Self.name), a poll a second", [used.cpuPercent], unit: "% of a core", goal: .atMost(5))
        report.add("\(Self.name): its memory", [used.megabytes], unit: "MB resident", goal: .atMost(100))
        terminal.press("q")
        process.waitUntilExit()
        terminal.close()
    }

    /// The oldest that any figure of any server gets, at a poll a second.
    private func lookAtFigures(_ source: ValkeySource, _ report: Report) async throws -> Cluster {
        var oldest: [Double] = []
        var cluster = await source.snapshot()
        let clock = ContinuousClock()
        let start = clock.now
        for second in 1...(2 * seconds) {
            try await clock.sleep(until: start + .seconds(second))
            cluster = await source.snapshot()
            let answers = cluster.members.compactMap(\.answeredMilliseconds)
            guard answers.count == 1_000, let first = answers.min() else {
                throw Programs.Problem("\(answers.count) of 1,000 servers told anything")
            }
            oldest.append(Double(cluster.takenMilliseconds - min(cluster.takenMilliseconds, first)) / 1_000)
        }
        report.add("\(Self.name): the oldest figure", [oldest.max() ?? 0], unit: "s", goal: .atMost(10))
        return cluster
    }

    private func measureFrames(_ cluster: Cluster, _ features: Features, _ report: Report) {
        var model = DashboardModel(name: "bench")
        _ = model.reduce(.tick(milliseconds: cluster.takenMilliseconds))
        let clock = ContinuousClock()
        let taking = clock.measure { _ = model.reduce(.snapshot(cluster, features)) }
        report.add("\(Self.name): a snapshot taken in", [taking / .milliseconds(1)], unit: "ms")
        DashboardCommand.measureFrames(Self.name, model, report)
        _ = model.reduce(.key(.character("N")))
        let again = clock.measure { _ = model.reduce(.snapshot(cluster, features)) }
        report.add("\(Self.name) in a table: a snapshot taken in", [again / .milliseconds(1)], unit: "ms")
        DashboardCommand.measureFrames("\(Self.name) in a table", model, report)
    }
}
