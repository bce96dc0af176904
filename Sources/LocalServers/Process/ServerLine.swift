import Foundation
import ValkeyClient

/// Speaks plain RESP2 to a server of this machine, a connection for each call: enough to set a cluster up.
enum ServerLine {
    /// - Returns: a reply for each command; nil where the server is not there, or does not answer within the limit.
    static func ask(_ commands: [Command], port: Int, limitMilliseconds: Int) async -> [RESPValue]? {
        await withCheckedContinuation { continuation in
            // Its calls block, which the threads of Swift's tasks must not.
            DispatchQueue.global().async {
                continuation.resume(returning: exchange(commands, port, limitMilliseconds))
            }
        }
    }

    private static func exchange(_ commands: [Command], _ port: Int, _ limitMilliseconds: Int) -> [RESPValue]? {
        #if canImport(Darwin)
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var wait = timeval()
        wait.tv_sec = limitMilliseconds / 1_000
        wait.tv_usec = .init(limitMilliseconds % 1_000 * 1_000)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return nil }
        var rest = commands.flatMap(encoded)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return nil }
            rest = rest.dropFirst(count)
        }
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while received.count < bytesMax {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            received += chunk.prefix(count)
            var left = received[...]
            let replies = commands.indices.prefix { _ in true }.compactMap { _ in reply(&left) }
            if replies.count == commands.count { return replies }
        }
        return nil
    }

    private static let bytesMax = 16_000_000

    private static func encoded(_ command: Command) -> [UInt8] {
        var bytes = Array("*\(command.arguments.count)\r\n".utf8)
        for argument in command.arguments {
            bytes += Array("$\(argument.count)\r\n".utf8) + argument + [0x0D, 0x0A]
        }
        return bytes
    }

    /// Takes one reply from the front; nil where it is not whole yet.
    private static func reply(_ bytes: inout ArraySlice<UInt8>) -> RESPValue? {
        guard let end = bytes.firstIndex(of: 0x0A), let kind = bytes.first else { return nil }
        let line = String(decoding: bytes[(bytes.startIndex + 1)..<max(bytes.startIndex + 1, end - 1)], as: UTF8.self)
        bytes = bytes[(end + 1)...]
        switch (kind, Int(line)) {
        case (UInt8(ascii: "+"), _): return .simple(line)
        case (UInt8(ascii: "-"), _): return .error(RESPError(line))
        case (UInt8(ascii: ":"), let number?): return .integer(Int64(number))
        case (UInt8(ascii: "$"), let count?) where count >= 0:
            guard bytes.count >= count + 2 else { return nil }
            defer { bytes = bytes.dropFirst(count + 2) }
            return .bulk(Array(bytes.prefix(count)))
        case (UInt8(ascii: "*"), let count?) where count >= 0:
            var elements: [RESPValue] = []
            while elements.count < count {
                guard let element = reply(&bytes) else { return nil }
                elements.append(element)
            }
            return .array(elements)
        default: return .null
        }
    }
}
