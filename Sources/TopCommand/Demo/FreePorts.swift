import NIOCore
import NIOPosix

/// Finds ports of 127.0.0.1 that nobody listens on.
enum FreePorts {
    private static let triesMax = 1_000

    /// `count` ports from `first` upwards; those in use are stepped over.
    static func find(_ count: Int, from first: Int) async throws -> [Int] {
        var ports: [Int] = []
        var port = first
        while ports.count < count, port < min(first + triesMax, 65_536) {
            if await isFree(port) { ports.append(port) }
            port += 1
        }
        guard ports.count == count else {
            throw Failure(.unavailable, "fewer than \(count) free ports from \(first) upwards on 127.0.0.1")
        }
        return ports
    }

    static func isFree(_ port: Int) async -> Bool {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        guard let channel = try? await bootstrap.bind(host: "127.0.0.1", port: port).get() else { return false }
        try? await channel.close()
        return true
    }
}
