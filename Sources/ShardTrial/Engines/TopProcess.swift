import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `shardtop` at work, as a process of its own.
final class TopProcess: Sendable {
    struct Ending: Sendable {
        /// Of one that was killed, 128 and the signal's number.
        let status: Int32
        let output: String
        let seconds: Double

        /// Its last words.
        var words: String { output.split(separator: "\n").last.map(String.init) ?? "" }
    }

    private let process: Mutex<Process>
    private let ended: Task<Int32, Never>
    private let logPath: String
    private let began = ContinuousClock.now

    /// - Parameter logPath: gets what it prints.
    init(_ program: String, _ arguments: [String], logPath: String) throws {
        self.logPath = logPath
        guard FileManager.default.createFile(atPath: logPath, contents: nil),
            let log = FileHandle(forWritingAtPath: logPath)
        else { throw TrialError("cannot write \(logPath)") }
        let (ends, end) = AsyncStream.makeStream(of: Int32.self)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        process.terminationHandler = { process in
            end.yield(process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0))
            end.finish()
        }
        ended = Task {
            for await status in ends { return status }
            return -1
        }
        try process.run()
        self.process = Mutex(process)
    }

    var isRunning: Bool { process.withLock(\.isRunning) }

    /// `kill -9`; nothing happens where it has ended.
    func kill9() {
        process.withLock { process in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }

    /// Returns when it is over.
    ///
    /// - Throws: where that takes longer than `secondsMax`; it is killed then.
    func end(secondsMax: Int = 180) async throws -> Ending {
        let watch = Task {
            try await Task.sleep(for: .seconds(secondsMax))
            kill9()
        }
        let status = await ended.value
        watch.cancel()
        let seconds = Trial.Report.milliseconds(ContinuousClock.now - began) / 1_000
        let output = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
        let ending = Ending(status: status, output: output, seconds: seconds)
        if seconds >= Double(secondsMax) {
            throw TrialError("shardtop did not end in \(secondsMax) s: \(ending.words)")
        }
        return ending
    }
}
