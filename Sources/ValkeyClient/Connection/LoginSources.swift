import ClientTLS
import Foundation

/// The sources of user, password and TLS: the address, a file, the environment.
public struct LoginSources: Sendable {
    /// In the order in which they count; the names that the engines' own command-line clients read.
    public static let environmentNames = ["VALKEYCLI_AUTH", "REDISCLI_AUTH"]
    private static let fileBytesMax = 4_096

    public var url: ServerURL
    /// Its first line is the password. It counts before the address, and that before the environment.
    public var passwordFile: String?
    public var environment: [String: String]
    /// Nil if nothing about TLS was said.
    public var tls: ServerTLS?

    public init(
        url: ServerURL, passwordFile: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment, tls: ServerTLS? = nil
    ) {
        self.url = url
        self.passwordFile = passwordFile
        self.environment = environment
        self.tls = tls
    }

    /// - Returns: the log-in, and warnings for a person about how a secret was given.
    /// - Throws: where the file is of no use, or TLS was described for an address without it.
    public func login() throws(ServerURL.Refusal) -> (login: ServerLogin, warnings: [String]) {
        if tls != nil, !url.isTLS {
            throw ServerURL.Refusal(
                "the address is for plain text; with certificates begin it with valkeys:// or rediss://")
        }
        var warnings: [String] = []
        if url.password != nil {
            warnings.append(
                "the password in the address can be seen by all who may list this machine's processes, and stays in the "
                    + "shell's history; give it by a file or by \(Self.environmentNames[0])")
        }
        var password = url.password
        if let passwordFile {
            let read = try Self.read(passwordFile)
            password = read.secret
            if let warning = read.warning { warnings.append(warning) }
        } else if password == nil {
            password = Self.environmentNames.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }.map(Secret.init)
        }
        if let tls, tls.insecure {
            warnings.append("the servers' certificates are not looked at: who listens on the way can read everything")
        }
        let transport = url.isTLS ? tls ?? ServerTLS() : nil
        return (ServerLogin(user: url.user, password: password, tls: transport), warnings)
    }

    /// The first line of a file.
    static func read(_ path: String) throws(ServerURL.Refusal) -> (secret: Secret, warning: String?) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ServerURL.Refusal(
                "the password's file '\(path)' cannot be read: see whether it is there, and who may")
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: fileBytesMax + 1) else {
            throw ServerURL.Refusal("the password's file '\(path)' cannot be read: see whether it is a file")
        }
        guard data.count <= fileBytesMax else {
            throw ServerURL.Refusal("the password's file '\(path)' is longer than \(fileBytesMax) bytes")
        }
        let line = data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let text = String(validating: line, as: UTF8.self), !text.isEmpty else {
            throw ServerURL.Refusal("the password's file '\(path)' has no text in its first line")
        }
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        let isFile = attributes?[.type] as? FileAttributeType == .typeRegular
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        let isOpen = isFile && mode & 0o077 != 0
        return (
            Secret(text), isOpen ? "others may read the password's file '\(path)'; 'chmod 600' keeps them out" : nil
        )
    }
}
