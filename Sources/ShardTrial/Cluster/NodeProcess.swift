import Foundation
import LocalNodes
import ShardCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One node as a process: started, injured and started again under the same address.
final class NodeProcess: Sendable {
    let address: NodeAddress
    private let program: String
    private let arguments: [String]
    private let environment: [String: String]
    private let logPath: String
    private let lifeLine: LifeLine
    private let process = Mutex<Process?>(nil)
    private let furtherArguments: Mutex<[String]>

    init(
        address: NodeAddress, program: String, arguments: [String], environment: [String: String], logPath: String,
        lifeLine: LifeLine, furtherArguments: [String] = []
    ) {
        self.furtherArguments = Mutex(furtherArguments)
        self.address = address
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.logPath = logPath
        self.lifeLine = lifeLine
    }

    var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

    /// From its next start on.
    func changeArguments(_ arguments: [String]) { furtherArguments.withLock { $0 = arguments } }

    var id: Int32? { process.withLock { $0?.processIdentifier } }

    func start() throws {
        if !FileManager.default.fileExists(atPath: logPath) {
            _ = FileManager.default.createFile(atPath: logPath, contents: nil)
        }
        guard let log = FileHandle(forWritingAtPath: logPath) else { throw TrialError("cannot write \(logPath)") }
        _ = try log.seekToEnd()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments + furtherArguments.withLock { $0 }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle(fileDescriptor: lifeLine.readingEnd.rawValue, closeOnDealloc: false)
        process.standardOutput = log
        process.standardError = log
        try process.run()
        self.process.withLock { $0 = process }
    }

    func signal(_ number: Int32) {
        guard let id, isRunning else { return }
        kill(id, number)
    }

    /// Like `kill -9`, and waits until it is gone.
    func kill9() {
        signal(SIGKILL)
        process.withLock { $0 }?.waitUntilExit()
    }

    /// Asks it to stop gracefully.
    func terminate() { signal(SIGTERM) }

    func pause() { signal(SIGSTOP) }
    func goOn() { signal(SIGCONT) }
}
