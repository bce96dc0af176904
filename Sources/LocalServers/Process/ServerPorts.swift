import LocalNodes

/// The ports of one server: the clients' one, the one for TLS where it has one, and the cluster bus.
///
/// All are claimed, so that no other program with servers or nodes of its own takes them while this is held.
struct ServerPorts: Sendable {
    /// The bus is always so far above the clients' port that servers find it without being told.
    static let busOffset = 10_000

    let client: PortClaim
    let bus: PortClaim
    let tls: PortClaim?

    /// For `count` servers from `first` upwards; those in use are stepped over.
    ///
    /// - Throws: ``ServerTrouble`` where there are not so many within the next thousand.
    static func take(_ count: Int, from first: Int, isTLS: Bool) throws(ServerTrouble) -> [ServerPorts] {
        var taken: [ServerPorts] = []
        do {
            for port in first..<max(first, min(first + 2 * count + 1_000, 65_536 - busOffset))
            where taken.count < count {
                guard !taken.contains(where: { $0.tls?.port == port }), let client = try PortClaim.take(port),
                    let bus = try PortClaim.take(port + busOffset)
                else { continue }
                let tls = isTLS ? try PortClaim.take(1, from: port + 1).first : nil
                if isTLS, tls == nil { continue }
                taken.append(ServerPorts(client: client, bus: bus, tls: tls))
            }
        } catch {
            throw ServerTrouble("cannot take ports of 127.0.0.1: \(error)")
        }
        guard taken.count == count else {
            throw ServerTrouble(
                "fewer than \(count) ports from \(first) upwards on 127.0.0.1 are free together with the port that is "
                    + "\(busOffset) above")
        }
        return taken
    }

    /// Somewhere below the ports that connections get by themselves, the bus included, so that none is taken while its
    /// server is down.
    static var anywhere: Int { Int.random(in: 12_000...21_000) }
}
