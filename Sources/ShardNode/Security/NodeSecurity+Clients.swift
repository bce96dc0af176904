import ClusterSecurity
import ShardWire

extension NodeSecurity {
    /// Lets a client's request in, or throws the refusal.
    ///
    /// - Parameter certificateName: the common name of the certificate that the client showed.
    func check(_ head: RequestHead, certificateName: @autoclosure () -> String?) throws(HeadRefusal) {
        guard let tokens = contents.tokens, let wanted = APIRequest.role(toSend: head.method.rawValue, head.uri) else {
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
            guard let name = certificateName(), let entry = tokens.entry(ofCertificate: name) else {
                throw HeadRefusal(
                    401, "This wants a token of role \(wanted.rawValue); send it as Authorization: Bearer TOKEN")
            }
            who = entry
        }
        guard who.role.includes(wanted) else {
            throw HeadRefusal(
                403,
                "'\(who.name)' has the role \(who.role.rawValue), and this wants \(wanted.rawValue); ask with a token of that "
                    + "role")
        }
    }

    private static func token(_ authorization: String) -> Token? {
        let scheme = "bearer "
        guard authorization.prefix(scheme.count).lowercased() == scheme else { return nil }
        return Token(String(authorization.dropFirst(scheme.count).drop { $0 == " " }))
    }
}
