import ClusterSecurity
import Foundation
import ShardClient
import ShardCore

extension OpenedCluster {
    /// The most nodes that are asked whether they want a token. The other nodes say so themselves.
    private static let askedMax = 3
    private static let askedMilliseconds: UInt64 = 1_000

    /// Runs `body` with a connection to a cluster's nodes, and warns of unsafe access. If a node wants a token and none
    /// is given, a person at a terminal is asked for it, until a node takes what was typed.
    static func withNodes<Result: Sendable>(
        _ seeds: [NodeAddress], _ access: NodeAccess, _ body: (NodeTransport) async throws -> Result
    ) async throws -> Result {
        var access = access
        if access.token == nil, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 {
            while let asking = try await nodeThatWantsToken(seeds, access) {
                if access.token != nil { Output.error("shardtop: \(asking) does not know that token; Ctrl-C leaves") }
                guard let token = try typedToken(for: asking) else { break }
                access.token = token
            }
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

    /// The first of the nodes that answers, if it wants a token, or another one than is shown to it.
    private static func nodeThatWantsToken(_ seeds: [NodeAddress], _ access: NodeAccess) async throws -> NodeAddress? {
        try await NodeTransport.with(access: access) { transport in
            let probe = NodeProbe(transport: transport)
            for seed in seeds.prefix(askedMax) {
                guard let wants = await probe.wantsToken(seed, timeoutMilliseconds: askedMilliseconds) else { continue }
                return wants ? seed : nil
            }
            return nil
        }
    }

    /// The token that a person types; nil if the terminal cannot be set.
    private static func typedToken(for asking: NodeAddress) throws -> Token? {
        while let typed = TypedLine.read(prompt: "Token for \(asking): ", isHidden: true) {
            guard case .line(let text) = typed else {
                throw Failure(.notPermitted, "no token was given that \(asking) knows, and it wants one")
            }
            if let token = Token(text.trimmingCharacters(in: .whitespaces)) { return token }
            Output.error("shardtop: that is no token: it is one word of ASCII; Ctrl-C leaves")
        }
        return nil
    }
}
