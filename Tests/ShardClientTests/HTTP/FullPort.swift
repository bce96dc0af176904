import Foundation
import ShardCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A port of 127.0.0.1 whose queue of connections is full, and that takes none from it: the system drops what else is
/// sent to it, as if the machine were not there.
final class FullPort {
    let address: NodeAddress
    private let sockets: [Int32]

    init() throws {
        #if canImport(Glibc)
            let streamType = Int32(SOCK_STREAM.rawValue)
        #else
            let streamType = SOCK_STREAM
        #endif
        let listener = socket(AF_INET, streamType, 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var sockets = [listener]
        withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard bind(listener, pointer, length) == 0, listen(listener, 0) == 0,
                    getsockname(listener, pointer, &length) == 0
                else { return }
                for _ in 0..<8 {
                    let filler = socket(AF_INET, streamType, 0)
                    _ = fcntl(filler, F_SETFL, O_NONBLOCK)
                    _ = connect(filler, pointer, length)
                    sockets.append(filler)
                }
            }
        }
        self.sockets = sockets
        guard sockets.count > 1, let address = NodeAddress("127.0.0.1:\(UInt16(bigEndian: name.sin_port))") else {
            throw POSIXError(.EADDRNOTAVAIL)
        }
        self.address = address
    }

    deinit { for socket in sockets { close(socket) } }
}
