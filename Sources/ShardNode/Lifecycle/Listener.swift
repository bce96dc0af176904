import HostSystem
import Logging
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Opens the sockets on which a node listens.
struct Listener {
    static let backlog: Int32 = 4_096

    let eventLoop: any EventLoop
    let initialize: @Sendable (any Channel) -> EventLoopFuture<Void>
    let logger: Logger

    /// Listens on the hosts: the first is required, the others are tried.
    ///
    /// - Throws: ``StartError`` that says what is in the way and what to do.
    func listen(hosts: [String], port: Int) async throws -> [any Channel] {
        var channels: [any Channel] = []
        for (index, host) in hosts.enumerated() {
            do {
                channels.append(try await bind(host: host, port: port, isOneOfTwo: hosts.count > 1))
            } catch {
                if index == 0 { throw startError(error, host: host, port: port) }
                logger.info(
                    "Not listening on a further address",
                    metadata: ["host": "\(host)", "reason": "\(NodeErrors.words(error))"])
            }
        }
        return channels
    }

    private func bind(host: String, port: Int, isOneOfTwo: Bool) async throws -> any Channel {
        var bootstrap = ServerBootstrap(group: eventLoop)
            .serverChannelOption(ChannelOptions.backlog, value: Self.backlog)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelInitializer(initialize)
        if isOneOfTwo, host.contains(":") {
            // The other socket listens for IPv4.
            let onlyVersion6 = ChannelOptions.socket(SocketOptionLevel(IPPROTO_IPV6), IPV6_V6ONLY)
            bootstrap = bootstrap.serverChannelOption(onlyVersion6, value: 1)
        }
        if let address = try? SocketAddress(ipAddress: host, port: port) {
            return try await bootstrap.bind(to: address).get()
        }
        return try await bootstrap.bind(host: host, port: port).get()
    }

    private func startError(_ error: any Error, host: String, port: Int) -> StartError {
        let place = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let code = (error as? IOError)?.errnoCode
        switch code {
        case EADDRINUSE:
            return StartError(
                kind: .addressUnavailable,
                description: "\(place) is in use by another process. Stop that process, or give this node another port."
            )
        case EADDRNOTAVAIL:
            return StartError(
                kind: .addressUnavailable,
                description: "\(place) is no address of this machine. Give --listen one that is, or 0.0.0.0 for all.")
        case EACCES, EPERM:
            return StartError(
                kind: .addressUnavailable,
                description: "\(place) is not allowed to this user. Choose a port of 1024 or above.")
        default:
            return StartError(kind: .system, description: "Cannot listen on \(place): \(NodeErrors.words(error)).")
        }
    }
}
