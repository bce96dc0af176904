import ArgumentParser
import ClusterModel
import Dashboard
import Foundation
import ShardClient
import ShardCore
import ShardWire
import TerminalUI

struct DashboardCommand: AsyncParsableCommand, Measurement {
    static let configuration = CommandConfiguration(
        commandName: "dashboard",
        abstract: "Measure what the dashboard costs: first frame, drawing, idling, a migration.")

    @OptionGroup var report: ReportOptions
    @Option(help: "The first of the ports used.") var port = 19_400
    @Option(help: "Seconds of each measurement of CPU time.") var seconds = 15

    func run() async throws { try await run(report) }

    func measure(_ programs: Programs, _ report: Report) async throws {
        measureDrawing(report)
        try measureFirstFrame(programs, report)
        try await measureIdling(programs, report)
        try await measureMigration(programs, report)
        try measureDemo(programs, report)
    }

    /// The whole way from a model to cells, for a cluster of 100 nodes.
    private func measureDrawing(_ report: Report) {
        var model = DashboardModel(name: "bench")
        _ = model.reduce(.tick(milliseconds: LargeCluster.milliseconds))
        let clock = ContinuousClock()
        let taking = clock.measure {
            _ = model.reduce(.snapshot(Cluster(LargeCluster.snapshot()), Features(ClusterCapabilities.full)))
        }
        report.add("100 nodes, 50 shards: a snapshot taken in", [taking / .milliseconds(1)], unit: "ms")
        Self.measureFrames("100 nodes, 50 shards", model, report)
    }

    static func measureFrames(_ name: String, _ model: DashboardModel, _ report: Report) {
        let clock = ContinuousClock()
        for size in [Size(width: 80, height: 24), Size(width: 200, height: 60), Size(width: 300, height: 100)] {
            let times = (0..<300).map { _ in
                clock.measure {
                    let canvas = Drawing(model, theme: .named(.dark, isASCII: false)).canvas(size)
                    precondition(canvas.cells.count == size.width * size.height)
                } / .milliseconds(1)
            }
            report.add(
                "\(name), \(size.width)x\(size.height): a frame drawn in", times, unit: "ms",
                goal: .atMost(2))
        }
    }

    /// From the start of the process to a frame on the terminal, with nobody there to answer.
    private func measureFirstFrame(_ programs: Programs, _ report: Report) throws {
        var times: [Double] = []
        for _ in 0..<11 {
            let terminal = try PseudoTerminal(columns: 120, rows: 35)
            let begin = ProcessInfo.processInfo.systemUptime
            let process = try programs.start("shardtop", ["watch", "127.0.0.1:\(port + 99)"], on: terminal)
            try terminal.await("shardtop")
            times.append((ProcessInfo.processInfo.systemUptime - begin) * 1_000)
            terminal.press("q")
            process.waitUntilExit()
            terminal.close()
        }
        report.add("first frame after the start", times, unit: "ms", goal: .atMost(100))
    }

    /// A cluster where nothing happens, asked once a second.
    private func measureIdling(_ programs: Programs, _ report: Report) async throws {
        let cluster = try await BenchCluster.start(programs, nodes: 6, shardCount: 2, port: port)
        _ = try await cluster.load(10_000)
        let terminal = try PseudoTerminal(columns: 120, rows: 35)
        let process = try programs.start("shardtop", ["watch", "127.0.0.1:\(port)"], on: terminal)
        try terminal.await("10,000")
        try await Task.sleep(for: .seconds(6))
        let used = try Self.usage(of: process, terminal, seconds: seconds)
        report.add("idle, 6 nodes, a poll a second", [used.cpuPercent], unit: "% of a core", goal: .atMost(1))
        report.add("its memory", [used.megabytes], unit: "MB resident", goal: .atMost(60))
        report.add("what it writes to the terminal in \(seconds) s", [Double(used.bytes)], unit: "bytes")
        terminal.press("q")
        process.waitUntilExit()
        terminal.close()
        programs.stop()
    }

    /// 20,000 keys at so limited a rate that they move all the time.
    private func measureMigration(_ programs: Programs, _ report: Report) async throws {
        let rate = 40_000 / max(1, seconds)
        let cluster = try await BenchCluster.start(programs, nodes: 6, shardCount: 2, port: port + 10) { _ in
            ["--reshard-rate", "\(rate)"]
        }
        _ = try await cluster.load(20_000)
        let terminal = try PseudoTerminal(columns: 120, rows: 35)
        let process = try programs.start("shardtop", ["watch", "127.0.0.1:\(cluster.port)"], on: terminal)
        try terminal.await("20,000")
        try migrate(process, terminal, "watching a migration of 20,000 keys", report, cpuMax: 15)
        programs.stop()
    }

    /// The same in the demo, whose clients read and write from the same process.
    private func measureDemo(_ programs: Programs, _ report: Report) throws {
        let rate = 40_000 / max(1, seconds)
        let terminal = try PseudoTerminal(columns: 120, rows: 35)
        let process = try programs.start(
            "shardtop", ["demo", "--keys", "20000", "--rate", "\(rate)", "--port", "\(port + 20)"], on: terminal)
        try terminal.await("20,000")
        try migrate(process, terminal, "the same in the demo, its clients included", report, cpuMax: nil)
    }

    private func migrate(
        _ process: Process, _ terminal: PseudoTerminal, _ name: String, _ report: Report, cpuMax: Double?
    ) throws {
        sleep(2)
        terminal.forget()
        terminal.press("r")
        try terminal.await("keys change shard")
        terminal.press("\t\r")
        try terminal.await("collate")
        let used = try Self.usage(of: process, terminal, seconds: seconds)
        let frames = Double(used.frames) / Double(seconds)
        report.add("\(name)", [frames], unit: "frames/s", goal: cpuMax == nil ? nil : .atLeast(20))
        report.add("\(name)", [used.cpuPercent], unit: "% of a core", goal: cpuMax.map { .atMost($0) })
        report.add("\(name)", [used.megabytes], unit: "MB resident", goal: .atMost(60))
        // The key would be asked back, as a demo's change is still under way.
        process.terminate()
        process.waitUntilExit()
        terminal.close()
    }

    static func usage(
        of process: Process, _ terminal: PseudoTerminal, seconds: Int
    ) throws -> (cpuPercent: Double, megabytes: Double, bytes: Int, frames: Int) {
        let id = process.processIdentifier
        let (cpu, bytes, frames) = (try cpuSeconds(id), terminal.bytes, terminal.frames)
        let begin = ProcessInfo.processInfo.systemUptime
        Thread.sleep(forTimeInterval: Double(seconds))
        let elapsed = ProcessInfo.processInfo.systemUptime - begin
        return (
            (try cpuSeconds(id) - cpu) / elapsed * 100, try residentMegabytes(id), terminal.bytes - bytes,
            terminal.frames - frames
        )
    }

    private static func cpuSeconds(_ id: Int32) throws -> Double {
        // User and system time are the 14th and 15th field; the name before them may hold blanks.
        let line = try file("/proc/\(id)/stat")
        let fields = line.drop { $0 != ")" }.split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
            throw Programs.Problem("/proc/\(id)/stat cannot be read")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func residentMegabytes(_ id: Int32) throws -> Double {
        let line = try file("/proc/\(id)/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        guard let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Double($0) }) else {
            throw Programs.Problem("/proc/\(id)/status names no VmRSS")
        }
        return kilobytes / 1_024
    }

    private static func file(_ path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Programs.Problem("\(path) is not there: CPU time and memory are measured where there is a /proc")
        }
        return text
    }
}
