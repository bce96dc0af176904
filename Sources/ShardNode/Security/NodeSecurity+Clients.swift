import ClusterSecurity
import ShardWire

extension NodeSecurity {
    /// Lets a client's request in, or throws the refusal.
    ///
    /// - Parameter certificateName: the common name of the certificate that the client showed.
    func check(_ head: borrowing RequestHead, certificateName: @autoclosure () -> String?) throws(HeadRefusal) {
        guard let tokens = contents.tokens, let wanted = APIRequest.role(toSend: head.method, head.uri) else {
            return
        }
        do throws(HeadRefusal) {
            try check(head.authorization, tokens, wanted, certificateName)
        } catch {
            refusedRequest()
            throw error
        }
    }

    private func check(
        _ authorization: String?, _ tokens: TokenFile, _ wanted: TokenRole, _ certificateName: () -> String?
    ) throws(HeadRefusal) {
        let who: TokenFile.Entry
        // Whoever showed a certificate is told of that: it may not know that there are tokens.
        let isCertificate = authorization == nil
        if let authorization {
            guard let token = Self.token(authorization) else {
                throw HeadRefusal(
                    401, "The Authorization is not of the form Bearer TOKEN; send a token of role \(wanted.rawValue)")
            }
            guard let entry = tokens.entry(of: token) else {
                throw HeadRefusal(
                    401,
                    "This node does not know the token; send one of role \(wanted.rawValue) that is in its token file")
            }
            who = entry
        } else {
            guard let name = certificateName() else {
                throw HeadRefusal(
                    401, "This wants a token of role \(wanted.rawValue); send it as Authorization: Bearer TOKEN")
            }
            guard let entry = tokens.entry(ofCertificate: name) else {
                throw HeadRefusal(
                    401,
                    "The certificate of '\(name)' has no role here, and this wants \(wanted.rawValue); have it added to the "
                        + "nodes' token files with 'shardtop tokens add', or send a token of that role")
            }
            who = entry
        }
        guard who.role.includes(wanted) else {
            let has = "'\(who.name)' has the role \(who.role.rawValue), and this wants \(wanted.rawValue); "
            throw HeadRefusal(
                403,
                isCertificate
                    ? "The certificate of \(has)have its line in the nodes' token files say \(wanted.rawValue), or ask with a "
                        + "certificate or token of that role"
                    : "\(has)ask with a token of that role")
        }
    }

    private static func token(_ authorization: String) -> Token? {
        let scheme = "bearer "
        guard authorization.prefix(scheme.count).lowercased() == scheme else { return nil }
        return Token(String(authorization.dropFirst(scheme.count).drop { $0 == " " }))
    }
}
