import ClusterSecurity
import ShardCore

extension NodeSecurity {
    /// The files that may change while the node runs.
    struct Watch: Sendable {
        private var tokens: FileWatch<TokenFile>?
        private var tls: FileWatch<TLSIdentity>?

        struct Found: Sendable {
            var tokens: TokenFile?
            var tls: TLSIdentity?
            var problem: String?
        }

        init(_ files: SecurityFiles, address: NodeAddress) {
            tokens = files.tokens.map { path in
                FileWatch([path]) { () throws(SecurityProblem) in try SecurityReading.tokens(path) }
            }
            tls = files.tls.map { tls in
                FileWatch([tls.certificate, tls.key, tls.authority]) { () throws(SecurityProblem) in
                    try TLSIdentity.read(tls, for: address)
                }
            }
        }

        mutating func look() -> Found {
            var found = Found()
            switch tokens?.look() {
            case .changed(let value): found.tokens = value
            case .unusable(let words): found.problem = words
            case .unchanged, nil: break
            }
            switch tls?.look() {
            case .changed(let value): found.tls = value
            case .unusable(let words): found.problem = found.problem.map { "\($0); \(words)" } ?? words
            case .unchanged, nil: break
            }
            return found
        }
    }
}
