import Foundation
import Subprocess
import Testing

/// A program in a real terminal: a tmux server of its own, steered and read like a person does.
struct TerminalSession {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// How long anything may take before a test gives up on it: far more than it takes on a machine that is busy with
    /// all other tests at once.
    static let patience = Duration.seconds(240)

    let socket: String
    let folder: URL

    /// The products of this build lie beside the test bundle.
    static func program(_ name: String) throws -> String {
        let path = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Failure(description: "no \(path)") }
        return path
    }

    /// Runs a shell script in a new terminal, then `body`; ends the terminal whatever happens.
    ///
    /// The script finds a folder for its files in `$FOLDER`; what this machine's user has configured, or looked at last,
    /// it does not find.
    static func with(
        script: String, width: Int, height: Int, _ body: (TerminalSession) async throws -> Void
    ) async throws {
        let name = "shardtop-test-\(UUID().uuidString.prefix(8))"
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let session = TerminalSession(socket: name, folder: folder)
        try script.write(to: folder.appendingPathComponent("script"), atomically: true, encoding: .utf8)
        try await session.tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", "\(width)", "-y", "\(height)", "-e", "FOLDER=\(folder.path)",
            "-e", "XDG_CONFIG_HOME=\(folder.path)/config", "-e", "XDG_STATE_HOME=\(folder.path)/state",
            "-e", "LC_ALL=C.UTF-8", "sh \(folder.path)/script; echo script ended; exec sleep 1000")
        do {
            try await body(session)
        } catch {
            _ = try? await session.tmux("kill-server")
            throw error
        }
        // A test may have ended it.
        _ = try? await session.tmux("kill-server")
    }

    /// The number of the process that is the terminal.
    func server() async throws -> String {
        try await tmux("display-message", "-p", "#{pid}").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @discardableResult
    func tmux(_ arguments: String...) async throws -> String {
        let result = try await run(
            .name("tmux"), arguments: Arguments(["-L", socket] + arguments), output: .string(limit: 1_000_000),
            error: .string(limit: 10_000))
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "tmux \(arguments.joined(separator: " ")): \(result.standardError)")
        }
        return result.standardOutput
    }

    func press(_ keys: String...) async throws {
        for key in keys { try await tmux("send-keys", key) }
    }

    func resize(width: Int, height: Int) async throws {
        try await tmux("resize-window", "-x", "\(width)", "-y", "\(height)")
    }

    func screen() async throws -> String { try await tmux("capture-pane", "-p") }

    /// True where a program has the terminal to itself, as full-screen programs do.
    func isTaken() async throws -> Bool {
        try await tmux("display-message", "-p", "#{alternate_on}").hasPrefix("1")
    }

    func isCursorShown() async throws -> Bool {
        try await tmux("display-message", "-p", "#{cursor_flag}").hasPrefix("1")
    }

    /// Waits until the screen shows `text`; fails with the screen where it does not.
    @discardableResult
    func see(_ text: String) async throws -> String {
        try await wait(for: "'\(text)' on the screen") { try await screen().contains(text) }
        return try await screen()
    }

    func wait(for what: String, until isSo: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + Self.patience
        while try await !isSo() {
            guard ContinuousClock.now < end else {
                throw Failure(description: "\(what) was waited for in vain:\n\(try await screen())")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Waits for a file that holds a number.
    func number(in name: String) async throws -> Int32 {
        var number: Int32?
        try await wait(for: "a number in \(name)") {
            number = (try? file(name)).flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            return number != nil
        }
        return number ?? 0
    }

    /// Bytes of a file; none where it is not there yet.
    func size(of name: String) throws -> Int {
        let path = folder.appendingPathComponent(name).path
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    /// What a program writes to its standard output.
    static func output(of program: String, _ arguments: String...) async throws -> String {
        let result = try await run(
            .name(program), arguments: Arguments(arguments), output: .string(limit: 1_000_000),
            error: .string(limit: 10_000))
        guard result.terminationStatus.isSuccess else {
            throw Failure(description: "\(program): \(result.standardError)")
        }
        return result.standardOutput
    }

    /// The text of a file that the script wrote.
    func file(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
}
