import Foundation

/// The real programs, as processes of their own.
final class Programs {
    private let folder: URL
    private var running: [Process] = []

    init() throws {
        folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        for name in ["shardnode", "shardtop"] where !FileManager.default.isExecutableFile(atPath: path(name)) {
            throw Problem("\(name) is not beside shardbench in \(folder.path); build all products for release first")
        }
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// - Parameter terminal: a terminal of the program's own; without one its output is dropped.
    @discardableResult
    func start(
        _ name: String, _ arguments: [String], _ environment: [String: String] = [:], on terminal: PseudoTerminal? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path(name))
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        if let terminal {
            process.environment?["TERM"] = "xterm-256color"
            process.standardInput = terminal.slave
            process.standardOutput = terminal.slave
            process.standardError = terminal.slave
        }
        try process.run()
        running.append(process)
        return process
    }

    /// Starts the nodes of one cluster on ports from `port` on.
    func startCluster(nodes: Int, shardCount: Int, port: Int) throws -> [Process] {
        let view = (0..<nodes).map { "127.0.0.1:\(port + $0)" }
        return try view.map { address in
            try start(
                "shardnode", ["--log-level", "error"],
                ["SOCKET_ADDRESS": address, "VIEW": view.joined(separator: ","), "SHARD_COUNT": "\(shardCount)"])
        }
    }

    func run(_ name: String, _ arguments: [String]) throws -> TimeInterval {
        let begin = Date()
        let process = try start(name, arguments)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Problem("\(name) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return Date().timeIntervalSince(begin)
    }

    func stop() {
        for process in running where process.isRunning { process.terminate() }
        for process in running { process.waitUntilExit() }
        running = []
    }
}
