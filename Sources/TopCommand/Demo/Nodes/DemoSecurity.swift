import Certificates
import ClientTLS
import ClusterSecurity
import Foundation
import HostSystem
import ShardClient
import ShardCore

/// The security of a closed demo cluster: an authority and a pair for each node, a secret of the nodes, and a token.
/// All of it is in the demo's folder, readable by its owner alone, and is removed with it.
struct DemoSecurity: Sendable {
    private static let operatorName = "demo"
    /// Longer than a demo is left running, and too long for anybody to be told to renew.
    private static let days = 60

    /// The way in which this program speaks to the nodes.
    let access: NodeAccess
    private let certificates: CertificateFolder
    /// The file of tokens that the nodes read.
    private let tokenFile: String
    private let secretFile: String
    /// The file with the token that another shardtop gets.
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

    /// The arguments that a node is started with. Its pair is made with its first start.
    func arguments(of node: NodeAddress) throws -> [String] {
        let known = try certificates.list().first { $0.name == node.description }
        let pair = try known ?? certificates.makeNode([node.description], days: Self.days)
        guard let keyFile = pair.keyFile else { throw Failure(.fileTrouble, "the key of \(node) is gone") }
        return [
            "--tls-cert", pair.file, "--tls-key", keyFile, "--tls-ca", certificates.authorityFile,
            "--token-file", tokenFile, "--cluster-secret-file", secretFile,
        ]
    }

    /// Tells how somebody else on this machine gets in. Names files, and says nothing that is in them.
    func invitation(to node: NodeAddress) -> String {
        "closed by TLS and tokens; from another terminal: shardtop status --at https://\(node) --tls-ca "
            + "\(certificates.authorityFile) --token-file \(operatorFile)"
    }
}
