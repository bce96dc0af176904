import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Ports of this machine.
enum Ports {
    /// Ports that nobody listens on now.
    static func free(_ count: Int) throws -> [Int] {
        var sockets: [Int32] = []
        defer { for each in sockets { close(each) } }
        return try (0..<count).map { _ in
            let descriptor = socket(AF_INET, streamType, 0)
            sockets.append(descriptor)
            var address = loopback(port: 0)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
                }
            }
            guard isBound else { throw TerminalSession.Failure(description: "no free port") }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }

    static func isListening(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, streamType, 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    #if canImport(Glibc)
        private static let streamType = Int32(SOCK_STREAM.rawValue)
    #else
        private static let streamType = SOCK_STREAM
    #endif
}

/// Waits until `condition` holds; false where it does not for long, far more than it takes on a busy machine.
func inTime(_ condition: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}

/// Nodes started by hand, that may be killed and started again.
final class NodeProcesses {
    let ports: [Int]
    private let shardCount: Int
    private let program: String
    /// Gets what they say on standard error.
    private let log: FileHandle
    private var processes: [Int: Process] = [:]

    init(count: Int, shardCount: Int, log: FileHandle = .nullDevice) throws {
        ports = try Ports.free(count)
        self.log = log
        self.shardCount = shardCount
        program = try TerminalSession.program("shardnode")
        for port in ports { try start(port) }
    }

    deinit { for process in processes.values where process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    func start(_ port: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.environment = ProcessInfo.processInfo.environment.merging([
            "SOCKET_ADDRESS": "127.0.0.1:\(port)", "VIEW": ports.map { "127.0.0.1:\($0)" }.joined(separator: ","),
            "SHARD_COUNT": "\(shardCount)",
        ]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = log
        try process.run()
        processes[port] = process
    }

    /// Like `kill -9`.
    func kill(_ port: Int) {
        guard let process = processes[port] else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Sends a signal to it as `kill` does, and waits until it ends.
    ///
    /// - Returns: the signal that it ended by, or nil where it goes on for a minute, or ended otherwise.
    func end(_ port: Int, by signal: Int32) async throws -> Int32? {
        guard let process = processes[port] else { return nil }
        kill(process.processIdentifier, signal)
        let isOver = try await inTime { !process.isRunning }
        return isOver && process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil
    }

    private func kill(_ id: Int32, _ signal: Int32) {
        #if canImport(Glibc)
            _ = Glibc.kill(id, signal)
        #else
            _ = Darwin.kill(id, signal)
        #endif
    }
}
