import Dashboard
import Foundation
import HostSystem
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runs the user's command for alerts: one at a time, each for a bounded time, and never in anybody's way.
///
/// Alerts that come while a command runs wait. Only the newest of them is run, as it says how the cluster is now.
actor AlertCommand {
    /// The reason why a command failed.
    struct Problem: TellingError, Equatable {
        var description: String
    }

    static let patienceUsual = Duration.seconds(10)

    private let command: String
    private let patience: Duration
    private var isRunning = false
    private var next: [String: String]?

    /// - Parameter command: a line for `/bin/sh`.
    init(_ command: String, patience: Duration = AlertCommand.patienceUsual) {
        self.command = command
        self.patience = patience
    }

    /// Returns when the command has ended, or at once if another one runs, which this one will follow.
    ///
    /// - Parameter environment: the variables that the command gets besides those of this program.
    func run(_ environment: [String: String]) async throws {
        next = environment
        guard !isRunning else { return }
        isRunning = true
        defer { isRunning = false }
        var problem: (any Error)?
        while let environment = next {
            next = nil
            do { try await start(environment) } catch { problem = error }
        }
        if let problem { throw problem }
    }

    private func start(_ told: [String: String]) async throws {
        let (command, patience) = (command, patience)
        let status = try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
            group.addTask { try await Self.run(command, told) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            // Ends the command and all that it has started.
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        switch status {
        case .exited(0)?: return
        case .exited(let number)?: throw Problem(description: "it ended with status \(number)")
        case .signaled(let number)?: throw Problem(description: "it was ended by signal \(number)")
        case nil:
            throw Problem(description: "it took longer than \(patience.components.seconds) s, and was ended")
        }
    }

    private static func run(_ command: String, _ told: [String: String]) async throws -> TerminationStatus {
        var options = PlatformOptions()
        // In a session of its own the command has no terminal to write to, and can be ended with everything that it
        // starts.
        options.createSession = true
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
        ]
        var changes: [Environment.Key: String?] = [:]
        for (name, value) in told { changes[Environment.Key(stringLiteral: name)] = value }
        do {
            return try await Subprocess.run(
                .path("/bin/sh"), arguments: ["-c", command], environment: .inherit.updating(changes),
                platformOptions: options, input: .none, output: .discarded, error: .discarded
            ).terminationStatus
        } catch let error as SubprocessError {
            throw Problem(
                description:
                    "it cannot be started: \(error.underlyingError.map { $0.words } ?? "/bin/sh is not to be had")")
        }
    }
}
