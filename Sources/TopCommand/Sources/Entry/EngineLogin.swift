import ClusterModel
import Foundation
import ValkeyClient

/// Who asks servers of another engine, and how they are reached.
struct EngineLogin: Sendable {
    var passwordFile: String?
    /// Typed at a prompt; goes before all other sources.
    var typedPassword: Secret?
    var tls: ServerTLS?
    /// Where to dial what announces itself elsewhere.
    var reach: [ServerAddress: ServerAddress] = [:]
    var environment = ProcessInfo.processInfo.environment

    /// - Returns: what the servers are told, and warnings for a person.
    func credentials(_ url: ServerURL) throws -> (ServerLogin, [String]) {
        let sources = LoginSources(url: url, passwordFile: passwordFile, environment: environment, tls: tls)
        let (login, warnings) = try sources.login()
        guard let typedPassword else { return (login, warnings) }
        return (ServerLogin(user: login.user, password: typedPassword, tls: login.tls), warnings)
    }
}
