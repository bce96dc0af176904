import LocalNodes

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// The ports of a demo's nodes.
enum DemoPorts {
    /// `count` ports from `first` upwards that nobody uses, and that no other demo gets while they are held.
    static func claim(_ count: Int, from first: Int) throws(Failure) -> [PortClaim] {
        let claims: [PortClaim]
        do {
            claims = try PortClaim.take(count, from: first)
        } catch {
            if [.tooManyOpenFiles, .tooManyOpenFilesInSystem].contains(error) {
                throw FileBudget(nodes: count).failure
            }
            throw Failure(.unavailable, "cannot take ports of 127.0.0.1: \(error)")
        }
        guard claims.count == count else {
            throw Failure(.unavailable, "fewer than \(count) free ports from \(first) upwards on 127.0.0.1")
        }
        return claims
    }
}

/// A node found that another program had taken its port after it was looked at. All nodes know each other by their
/// ports, so the whole cluster starts anew on others.
struct PortTaken: Error {
    let port: Int
}
