#if canImport(System)
    import System
#else
    import SystemPackage
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A port of 127.0.0.1 that no other program with nodes of its own takes while this is held.
///
/// Whoever wants a port holds the UDP port of the same number, which nodes have no use for. Only one process at a time
/// gets that, and the system takes it back when the process is gone, however it went.
package final class PortClaim: Sendable {
    package let port: Int
    private let holder: FileDescriptor

    private init(port: Int, holder: FileDescriptor) {
        self.port = port
        self.holder = holder
    }

    deinit { try? holder.close() }

    /// Nil if another program has the port, or has claimed it.
    ///
    /// - Throws: what the system refuses apart from this port, such as one file more.
    package static func take(_ port: Int) throws(Errno) -> PortClaim? {
        guard let holder = try bound(port, datagramType) else { return nil }
        do {
            guard let listener = try bound(port, streamType) else {
                try? holder.close()
                return nil
            }
            try? listener.close()
        } catch {
            try? holder.close()
            throw error
        }
        return PortClaim(port: port, holder: holder)
    }

    /// `count` ports from `first` upwards; those in use are stepped over. Fewer where there are not so many within the
    /// next thousand.
    package static func take(_ count: Int, from first: Int) throws(Errno) -> [PortClaim] {
        var claims: [PortClaim] = []
        for port in first..<max(first, min(first + count + 1_000, 65_536)) where claims.count < count {
            if let claim = try take(port) { claims.append(claim) }
        }
        return claims
    }

    /// True while somebody accepts connections there.
    package static func isListening(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, streamType, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) } == 0
    }

    private static func bound(_ port: Int, _ type: Int32) throws(Errno) -> FileDescriptor? {
        let descriptor = socket(AF_INET, type, 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        // The nodes must not hold it on.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        if type == streamType {
            // As the nodes do: connections of a program that is gone do not keep the port.
            var isOn: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        }
        guard withAddress(port, { bind(descriptor, $0, $1) }) == 0 else {
            let error = Errno(rawValue: errno)
            close(descriptor)
            if [.addressInUse, .permissionDenied, .notPermitted].contains(error) { return nil }
            throw error
        }
        return FileDescriptor(rawValue: descriptor)
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    #if canImport(Glibc)
        private static let streamType = Int32(SOCK_STREAM.rawValue)
        private static let datagramType = Int32(SOCK_DGRAM.rawValue)
    #else
        private static let streamType = SOCK_STREAM
        private static let datagramType = SOCK_DGRAM
    #endif
}
