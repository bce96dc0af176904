import Foundation

/// The real programs, as processes of their own.
final class Programs {
    private let folder: URL
    private var running: [Process] = []

    init() {
        folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// Looks every 10 ms.
    ///
    /// - Throws: ``Problem`` with the text given where the condition does not hold in time.
    static func await(_ problem: String, withinSeconds limit: Int, _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(limit)
        while ContinuousClock.now < end {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Problem("\(problem) within \(limit) s")
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// - Parameter terminal: a terminal of the program's own; without one its output is dropped.
    @discardableResult
    func start(
        _ name: String, _ arguments: [String], _ environment: [String: String] = [:], on terminal: PseudoTerminal? = nil
    ) throws -> Process {
        guard FileManager.default.isExecutableFile(atPath: path(name)) else {
            throw Problem("\(name) is not beside shardbench in \(folder.path); build all products for release first")
        }
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

    /// Starts a program that is not of this project; its output is dropped.
    func launch(_ path: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        running.append(process)
        return process
    }

    /// Runs a program that is not of this project, and returns what it says.
    func output(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// Ends all of them: gracefully, and after ten seconds by force.
    func stop() {
        for process in running where process.isRunning { process.terminate() }
        let end = Date() + 10
        while running.contains(where: \.isRunning), Date() < end { Thread.sleep(forTimeInterval: 0.01) }
        for process in running where process.isRunning { kill(process.processIdentifier, SIGKILL) }
        running = []
    }
}
