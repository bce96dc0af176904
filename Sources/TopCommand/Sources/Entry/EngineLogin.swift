import ClientTLS
import ClusterModel
import ClusterSecurity
import Foundation
import HostSystem
import ShardClient
import ValkeyClient

/// The login to a cluster, and the way to reach its nodes or servers.
struct EngineLogin: Sendable {
    static let tokenVariable = "SHARDTOP_TOKEN"
    static let authorityVariable = "SHARDTOP_TLS_CA"
    private static let tokenFileBytesMax = 4_096

    /// The file with the token for our own nodes.
    var tokenFile: String?
    /// The file with the password for servers of another engine.
    var passwordFile: String?
    /// Typed at a prompt; goes before all other sources.
    var typedPassword: Secret?
    var tls: ServerTLS?
    /// The addresses to dial instead of those that servers announce.
    var reach: [ServerAddress: ServerAddress] = [:]
    var environment = ProcessInfo.processInfo.environment

    /// - Returns: the login that the servers are told, and warnings for a person.
    func credentials(_ url: ServerURL) throws -> (ServerLogin, [String]) {
        let sources = LoginSources(url: url, passwordFile: passwordFile, environment: environment, tls: tls)
        let (login, warnings) = try sources.login()
        guard let typedPassword else { return (login, warnings) }
        return (ServerLogin(user: login.user, password: typedPassword, tls: login.tls), warnings)
    }

    /// The way to speak to our own nodes, with the token.
    ///
    /// - Throws: ``Failure`` if the file is of no use, or TLS was described for addresses without it.
    func access(isTLS: Bool) throws -> NodeAccess {
        if tls != nil, !isTLS {
            throw Failure(.usage, "the address is for plain text; with certificates begin it with https://")
        }
        return NodeAccess(tls: isTLS ? nodeTLS : nil, token: try token())
    }

    private var nodeTLS: ServerTLS {
        let named = environment[Self.authorityVariable].flatMap { $0.isEmpty ? nil : $0 }
        guard let tls else { return ServerTLS(authorityFile: named) }
        guard tls.authorityFile == nil, !tls.insecure else { return tls }
        return ServerTLS(
            authorityFile: named, certificateFile: tls.certificateFile, keyFile: tls.keyFile,
            serverName: tls.serverName)
    }

    /// The token of the file, else that of the environment; nil if neither names one.
    private func token() throws -> Token? {
        if let tokenFile {
            let bytes: [UInt8]
            do throws(SecretFile.Refusal) {
                bytes = try SecretFile.read(tokenFile, bytesMax: Self.tokenFileBytesMax)
            } catch {
                throw Failure(.fileTrouble, "the token's file: \(error)")
            }
            guard
                let token = Token(
                    String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            else {
                throw Failure(.fileTrouble, "'\(tokenFile)' holds no token: it is one word, and nothing else")
            }
            return token
        }
        guard let text = environment[Self.tokenVariable], !text.isEmpty else { return nil }
        guard let token = Token(text) else {
            throw Failure(.usage, "what $\(Self.tokenVariable) holds is no token: it is one word of ASCII")
        }
        return token
    }
}
