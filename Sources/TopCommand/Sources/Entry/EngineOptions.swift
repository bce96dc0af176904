import ArgumentParser
import ClientTLS
import Foundation
import ValkeyClient

/// The options for logging in to a cluster and for reaching its nodes or servers.
struct EngineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Nodes: a file with the token to show, and nothing else. Else it is that of $\(EngineLogin.tokenVariable), or is asked for on a "
                + "terminal where a node wants one.", valueName: "file"))
    var tokenFile: String?
    @Option(
        help: ArgumentHelp(
            "Valkey and Redis: the password is this file's first line. Else it is that of $VALKEYCLI_AUTH or "
                + "$REDISCLI_AUTH.", valueName: "file"))
    var passwordFile: String?
    @Flag(help: "Valkey and Redis: ask for the password on the terminal.") var askPassword = false
    @Option(
        name: .customLong("tls-ca"),
        help: ArgumentHelp(
            "TLS: certificates that are trusted, in PEM. Default: of nodes $\(EngineLogin.authorityVariable), else the "
                + "system's.", valueName: "file"))
    var authority: String?
    @Option(name: .customLong("tls-cert"), help: ArgumentHelp("TLS: an own certificate, in PEM.", valueName: "file"))
    var certificate: String?
    @Option(name: .customLong("tls-key"), help: ArgumentHelp("TLS: its key, in PEM.", valueName: "file"))
    var key: String?
    @Option(
        name: .customLong("tls-name"),
        help: ArgumentHelp("TLS: the name that the servers' certificates have.", valueName: "host"))
    var serverName: String?
    @Flag(name: .customLong("tls-insecure"), help: "TLS: do not look at the servers' certificates.")
    var isInsecure = false
    @Option(
        help: ArgumentHelp(
            "Valkey and Redis: dial the second where a server announces the first, as behind NAT; several, separated "
                + "by commas.", valueName: "host:port=host:port"))
    var reach: [String] = []

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("--tls-cert and --tls-key go together.")
        }
        _ = try mapping()
    }

    /// The login that the options describe. Asks for the password if that is wanted, and shows nothing of it.
    func login() throws -> EngineLogin {
        var login = EngineLogin()
        login.passwordFile = passwordFile
        login.tokenFile = tokenFile
        login.reach = try mapping()
        if [authority, certificate, serverName].contains(where: { $0 != nil }) || isInsecure {
            login.tls = ServerTLS(
                authorityFile: authority, certificateFile: certificate, keyFile: key, serverName: serverName,
                insecure: isInsecure)
        }
        if askPassword { login.typedPassword = Secret(try Self.ask()) }
        return login
    }

    private static func ask() throws -> String {
        guard isatty(STDIN_FILENO) == 1, let typed = TypedLine.read(prompt: "Password: ", isHidden: true) else {
            throw Failure(.usage, "--ask-password needs a terminal; else give the password by --password-file")
        }
        switch typed {
        case .line(let text): return text
        case .interrupted, .ended: throw ExitCode(128 + SIGINT)
        }
    }

    private func mapping() throws -> [ServerAddress: ServerAddress] {
        var mapping: [ServerAddress: ServerAddress] = [:]
        for part in reach.flatMap({ $0.split(separator: ",") }) {
            let ends = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard ends.count == 2, let announced = ServerAddress(ends[0]), let dialled = ServerAddress(ends[1]) else {
                throw ValidationError("'\(part)' is not of the form host:port=host:port, as --reach needs it.")
            }
            mapping[announced] = dialled
        }
        return mapping
    }
}
