import Foundation
import Subprocess
import Synchronization
import ValkeyClient

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// One server as a process of this machine: started, injured, and started again under the same address.
package final class LocalServer: Sendable {
    package let program: ServerProgram
    package let settings: ServerSettings
    /// The folder of its configuration, its log and its data.
    package let folder: String
    private let ports: ServerPorts
    private let group: ServerGroup
    private let calls: Servers
    private let state = Mutex(State())

    private struct State {
        var process: Task<String, Never>?
        var id: pid_t?
        var isPaused = false
        /// How it ended; nil while it runs.
        var ending: String?
    }

    init(
        program: ServerProgram, settings: ServerSettings, folder: String, ports: ServerPorts, group: ServerGroup,
        calls: Servers
    ) {
        self.program = program
        self.settings = settings
        self.folder = "\(folder)/\(ports.client.port)"
        self.ports = ports
        self.group = group
        self.calls = calls
    }

    /// For clients in plain text.
    package var port: Int { ports.client.port }
    package var busPort: Int { ports.bus.port }
    package var tlsPort: Int? { ports.tls?.port }

    /// The address for other servers and clients: with the TLS port where it has one.
    package var address: ServerAddress { ServerAddress(host: "127.0.0.1", port: tlsPort ?? port) }

    /// The number of its process; nil if it does not run.
    package var processID: Int32? { state.withLock(\.id) }
    package var isRunning: Bool { processID != nil }
    /// True while it is stopped by SIGSTOP.
    package var isPaused: Bool { state.withLock(\.isPaused) }

    package var logPath: String { "\(folder)/log" }

    /// The last lines that it logged.
    package func logTail(lines: Int = 5) -> String {
        guard let text = try? String(contentsOfFile: logPath, encoding: .utf8) else { return "" }
        return text.split(separator: "\n").suffix(lines).map { "  " + $0.prefix(300) }.joined(separator: "\n")
    }

    // MARK: Its life

    /// Starts it, and returns once it answers. Nothing happens where it runs.
    ///
    /// A primary that was killed and kept nothing comes back empty, and empties its replicas, unless one of them has
    /// taken its place meanwhile.
    ///
    /// - Throws: ``ServerTrouble`` with what it logged last, where it ends or does not answer.
    package func start() async throws {
        do {
            try await begin()
        } catch is PortsTaken {
            throw ServerTrouble("\(address) cannot be started: another program has its port, or that of its bus")
        }
    }

    /// The same.
    ///
    /// - Throws: ``PortsTaken`` where another program has one of its ports.
    func begin() async throws {
        guard !isRunning else { return }
        try prepareFolder()
        state.withLock { state in
            guard state.process == nil || state.ending != nil else { return }
            state.ending = nil
            state.process = Task { await self.run() }
        }
        try await awaitAnswer()
    }

    /// `kill -9`; returns when it is gone. Nothing happens where it does not run.
    package func kill() async {
        signal(SIGKILL)
        _ = await state.withLock(\.process)?.value
    }

    /// Stops it without ending it: its connections stay, and nobody answers.
    package func pause() {
        if signal(SIGSTOP) { state.withLock { $0.isPaused = true } }
    }

    /// Lets one that is paused go on.
    package func goOn() {
        if signal(SIGCONT) { state.withLock { $0.isPaused = false } }
    }

    /// The lock keeps the number from being another process's meanwhile.
    @discardableResult private func signal(_ number: Int32) -> Bool {
        state.withLock { state in state.id.map { Foundation.kill($0, number) == 0 } ?? false }
    }

    private func prepareFolder() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            if settings.isTLS { try TestCertificate.write(to: folder) }
            try Data(settings.text(ports, folder: folder).utf8).write(to: URL(fileURLWithPath: configurationPath))
        } catch {
            throw ServerTrouble("cannot write to \(folder): \(error.localizedDescription)")
        }
    }

    private var configurationPath: String { "\(folder)/server.conf" }

    /// - Returns: how it ended.
    private func run() async -> String {
        var options = PlatformOptions()
        options.processGroupID = group.id
        options.teardownSequence = []
        let ending: String
        do {
            let output = try FileDescriptor.open(
                FilePath("\(folder)/output"), .writeOnly, options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite])
            let result = try await Subprocess.run(
                .path(FilePath(program.path)), arguments: [configurationPath], platformOptions: options, input: .none,
                output: .fileDescriptor(output, closeAfterSpawningProcess: true), error: .combinedWithOutput
            ) { execution in
                let id = execution.processIdentifier.value
                // In no other group, for that would be one that outlives this program.
                guard getpgid(id) == self.group.id || Foundation.kill(id, 0) != 0 else {
                    throw ServerTrouble("cannot put the server into a process group of its own")
                }
                self.state.withLock { $0.id = id }
            }
            ending =
                switch result.terminationStatus {
                case .exited(let status): "exit status \(status)"
                case .signaled(let number): "signal \(number)"
                }
        } catch {
            ending = "it was not started: \(error)"
        }
        state.withLock {
            $0.id = nil
            $0.isPaused = false
            $0.ending = ending
        }
        return ending
    }

    // MARK: Speaking to it

    /// Sends commands in plain text, as the user `default`.
    ///
    /// - Returns: a reply for each, in order. An error reply is a value.
    package func send(_ commands: [Command], within limit: Duration = .seconds(5)) async throws(ServerError)
        -> [RESPValue]
    {
        try await calls.send(commands, to: ServerAddress(host: "127.0.0.1", port: port), lane: 0, within: limit)
    }

    /// Sends one command, and takes an error reply for an error.
    @discardableResult package func send(_ words: String...) async throws -> RESPValue {
        let command = Command(words)
        let reply = try await send([command])[0]
        if let error = reply.error { throw ServerTrouble("\(address) answered \(command): \(error)") }
        return reply
    }

    private static let startSecondsMax = 20

    private func awaitAnswer() async throws {
        let deadline = ContinuousClock.now + .seconds(Self.startSecondsMax)
        while true {
            try Task.checkCancellation()
            if let ending = state.withLock(\.ending) {
                let log = logTail(lines: 20)
                if log.contains("Failed listening on port") || log.contains("Address already in use") {
                    throw PortsTaken()
                }
                throw ServerTrouble("\(address) ended as soon as it was started (\(ending))", log: logTail())
            }
            let reply = try? await send([Command("PING")], within: .seconds(1)).first
            if reply?.text == "PONG" { return }
            if ContinuousClock.now > deadline {
                throw ServerTrouble(
                    "\(address) did not answer within \(Self.startSecondsMax) s of its start", log: logTail())
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
