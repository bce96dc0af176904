import ArgumentParser
import Dashboard
import Foundation
import ShardCore
import ShardWire
import TerminalUI

struct DashboardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard",
        abstract: "Measure what the dashboard costs: first frame, drawing, idling, a migration.")

    @Option(help: "The first of the ports used.") var port = 19_400
    @Option(help: "Seconds of each measurement of CPU time.") var seconds = 15

    func run() async throws {
        let programs = try Programs()
        defer { programs.stop() }
        do {
            measureDrawing()
            try measureFirstFrame(programs)
            try await measureIdling(programs)
            try measureMigration(programs)
        } catch let problem as Programs.Problem {
            print("shardbench: \(problem)")
            throw ExitCode.failure
        }
    }

    /// The whole way from a model to cells, for a cluster of 100 nodes.
    private func measureDrawing() {
        var model = DashboardModel(name: "bench")
        _ = model.reduce(.tick(milliseconds: LargeCluster.milliseconds))
        let clock = ContinuousClock()
        let taking = clock.measure {
            _ = model.reduce(.snapshot(LargeCluster.snapshot(), .full))
        }
        print("100 nodes, 50 shards: a snapshot taken in \(milliseconds(taking)) ms")
        for size in [Size(width: 80, height: 24), Size(width: 200, height: 60), Size(width: 300, height: 100)] {
            let times = (0..<300).map { _ in
                clock.measure {
                    let canvas = Drawing(model, theme: .named(.dark, isASCII: false)).canvas(size)
                    precondition(canvas.cells.count == size.width * size.height)
                }
            }.sorted()
            print(
                "100 nodes, 50 shards, \(size.width)x\(size.height): a frame drawn in \(milliseconds(times[150])) ms "
                    + "at the median, \(milliseconds(times[296])) ms at p99")
        }
    }

    private func milliseconds(_ duration: Duration) -> String { String(format: "%.2f", duration / .milliseconds(1)) }

    /// From the start of the process to a frame on the terminal, with nobody there to answer.
    private func measureFirstFrame(_ programs: Programs) throws {
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
        times.sort()
        print(
            "first frame: \(text(times[times.count / 2])) ms after the start at the median of \(times.count) starts "
                + "(\(text(times[0])) to \(text(times[times.count - 1])))")
    }

    /// A cluster where nothing happens, asked once a second.
    private func measureIdling(_ programs: Programs) async throws {
        _ = try programs.startCluster(nodes: 6, shardCount: 2, port: port)
        try await Task.sleep(for: .seconds(2))
        _ = try programs.run("shardtop", ["load", "10000", "--at", "127.0.0.1:\(port)"])
        let terminal = try PseudoTerminal(columns: 120, rows: 35)
        let process = try programs.start("shardtop", ["watch", "127.0.0.1:\(port)"], on: terminal)
        try terminal.await("10,000")
        try await Task.sleep(for: .seconds(6))
        let used = try usage(of: process, terminal)
        print(
            "idle, 6 nodes, a poll a second: \(text(used.cpuPercent)) % of a core, \(text(used.megabytes)) MB resident, "
                + "\(used.bytes) bytes written to the terminal in \(seconds) s")
        terminal.press("q")
        process.waitUntilExit()
        terminal.close()
    }

    /// A demo that reshards, with particles on their way.
    private func measureMigration(_ programs: Programs) throws {
        let terminal = try PseudoTerminal(columns: 120, rows: 35)
        let rate = 40_000 / max(1, seconds)
        let process = try programs.start(
            "shardtop", ["demo", "--keys", "20000", "--rate", "\(rate)", "--port", "\(port + 20)"], on: terminal)
        try terminal.await("20,000")
        sleep(2)
        terminal.forget()
        terminal.press("r")
        try terminal.await("keys change shard")
        terminal.press("\t\r")
        try terminal.await("collate")
        let used = try usage(of: process, terminal)
        print(
            "a migration of 20,000 keys: \(text(Double(used.frames) / Double(seconds))) frames/s at "
                + "\(text(used.cpuPercent)) % of a core, \(text(used.megabytes)) MB resident")
        terminal.press("q")
        process.waitUntilExit()
        terminal.close()
    }

    private func usage(
        of process: Process, _ terminal: PseudoTerminal
    ) throws -> (cpuPercent: Double, megabytes: Double, bytes: Int, frames: Int) {
        let id = process.processIdentifier
        let (cpu, bytes, frames) = (try cpuSeconds(id), terminal.bytes, terminal.frames)
        let begin = ProcessInfo.processInfo.systemUptime
        Thread.sleep(forTimeInterval: Double(seconds))
        let elapsed = ProcessInfo.processInfo.systemUptime - begin
        return (
            (try cpuSeconds(id) - cpu) / elapsed * 100, try Self.residentMegabytes(id), terminal.bytes - bytes,
            terminal.frames - frames
        )
    }

    private func cpuSeconds(_ id: Int32) throws -> Double {
        // User and system time are the 14th and 15th field; the name before them may hold blanks.
        let line = try Self.file("/proc/\(id)/stat")
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

    private func text(_ value: Double) -> String { String(format: "%.1f", value) }
}
