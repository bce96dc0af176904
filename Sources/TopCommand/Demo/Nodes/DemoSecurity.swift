import Certificates
import ClientTLS
import ClusterSecurity
import Foundation
import HostSystem
import ShardClient
import ShardCore

/// What closes a demo's cluster: an authority and a pair for each node, a secret of the nodes, and a token. All of it is
/// in the demo's folder, for its owner alone, and goes with it.
struct DemoSecurity: Sendable {
    private static let operatorName = "demo"
    /// Longer than a demo is left running, and than anybody would be told to renew for.
    private static let days = 60

    /// How this program speaks to the nodes.
    let access: NodeAccess
    private let certificates: CertificateFolder
    /// What the nodes read.
    private let tokenFile: String
    private let secretFile: String
    /// What another shardtop is given.
    private let operatorFile: String

    init(in folder: String) throws {
        let path = folder + "/security"
        certificates = CertificateFolder(path)
        tokenFile = path + "/tokens"
        secretFile = path + "/secret"
        operatorFile = path + "/demo.token"
        _ = try certificates.makeAuthority(named: "shardtop demo", days: Self.days)
        let token = Token.make()
        var tokens = TokenFile()
        try tokens.add(.init(name: Self.operatorName, role: .operate, proof: .token(token.digest)))
        try SecretFile.write(Array(tokens.text.utf8), to: tokenFile, replaces: false)
        try SecretFile.write(Array("\(token.revealed)\n".utf8), to: operatorFile, replaces: false)
        try SecretFile.write(Array("\(Token.make().revealed)\n".utf8), to: secretFile, replaces: false)
        access = NodeAccess(tls: ServerTLS(authorityFile: certificates.authorityFile), token: token)
    }

    /// What a node is started with; its pair is made with its first start.
    func arguments(of node: NodeAddress) throws -> [String] {
        let known = try certificates.list().first { $0.name == node.description }
        let pair = try known ?? certificates.makeNode([node.description], days: Self.days)
        guard let keyFile = pair.keyFile else { throw Failure(.fileTrouble, "the key of \(node) is gone") }
        return [
            "--tls-cert", pair.file, "--tls-key", keyFile, "--tls-ca", certificates.authorityFile,
            "--token-file", tokenFile, "--cluster-secret-file", secretFile,
        ]
    }

    /// How somebody else on this machine gets in; names files, and says nothing that is in them.
    func invitation(to node: NodeAddress) -> String {
        "closed by TLS and tokens; from another terminal: shardtop status --at https://\(node) --tls-ca "
            + "\(certificates.authorityFile) --token-file \(operatorFile)"
    }
}
