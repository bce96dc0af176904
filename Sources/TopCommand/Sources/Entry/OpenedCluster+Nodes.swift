import ClusterSecurity
import Foundation
import ShardClient
import ShardCore

extension OpenedCluster {
    /// The most nodes that are asked whether they want a token. The other nodes say so themselves.
    private static let askedMax = 3
    private static let askedMilliseconds: UInt64 = 1_000

    /// Runs `body` with a connection to a cluster's nodes, and warns of unsafe access. If a node wants a token and none
    /// is given, a person at a terminal is asked for it.
    static func withNodes<Result: Sendable>(
        _ seeds: [NodeAddress], _ access: NodeAccess, _ body: (NodeTransport) async throws -> Result
    ) async throws -> Result {
        var access = access
        if access.token == nil, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 {
            access.token = try await askedToken(seeds, access)
        }
        for warning in warnings(access, seeds) { Output.error("shardtop: warning: \(warning)") }
        return try await NodeTransport.with(access: access, body)
    }

    static func warnings(_ access: NodeAccess, _ seeds: [NodeAddress]) -> [String] {
        var warnings: [String] = []
        if access.tls?.insecure == true {
            warnings.append(
                "the nodes' certificates are not looked at: who listens on the way can read everything")
        }
        if access.tls == nil, access.token != nil, !seeds.allSatisfy(\.isLoopback) {
            warnings.append(
                "the token goes over the network as plain text, for all on the way to read; https:// keeps it")
        }
        return warnings
    }

    /// The token that a person types if a node wants one; nil if none does.
    private static func askedToken(_ seeds: [NodeAddress], _ access: NodeAccess) async throws -> Token? {
        let asking = try await NodeTransport.with(access: access) { transport -> NodeAddress? in
            let probe = NodeProbe(transport: transport)
            for seed in seeds.prefix(askedMax) {
                guard let wants = await probe.wantsToken(seed, timeoutMilliseconds: askedMilliseconds) else { continue }
                return wants ? seed : nil
            }
            return nil
        }
        guard let asking, let typed = TypedLine.read(prompt: "Token for \(asking): ", isHidden: true) else {
            return nil
        }
        switch typed {
        case .line(let text):
            guard let token = Token(text) else {
                throw Failure(.notPermitted, "that is no token: it is one word of ASCII")
            }
            return token
        case .interrupted, .ended: throw Failure(.notPermitted, "no token was given, and \(asking) wants one")
        }
    }
}
