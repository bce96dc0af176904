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

/// Nodes started by hand, that may be killed and started again.
final class NodeProcesses {
    let ports: [Int]
    private let shardCount: Int
    private let program: String
    private var processes: [Int: Process] = [:]

    init(count: Int, shardCount: Int) throws {
        ports = try Ports.free(count)
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
        process.standardError = FileHandle.nullDevice
        try process.run()
        processes[port] = process
    }

    /// Like `kill -9`.
    func kill(_ port: Int) {
        guard let process = processes[port] else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private func kill(_ id: Int32, _ signal: Int32) {
        #if canImport(Glibc)
            _ = Glibc.kill(id, signal)
        #else
            _ = Darwin.kill(id, signal)
        #endif
    }
}
