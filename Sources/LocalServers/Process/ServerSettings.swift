/// How servers are set up. Settings that are not named here are as the engine has them, except that nothing is kept on
/// the disk and that replicas are filled at once.
package struct ServerSettings: Sendable {
    /// After so long without an answer a node counts as failing.
    package var nodeTimeoutMilliseconds = 2_000
    /// Of the user `default`, and of the replicas at their primaries.
    package var password: String?
    /// Users of the access control list, each a line as the engine writes it: `alice on >secret ~* +@read`.
    package var users: [String] = []
    /// Offers TLS on a port of its own, and uses it between the servers. The certificate is ``TestCertificate``'s.
    package var isTLS = false
    /// True if a server that is started again has what it held.
    package var keepsData = false
    /// Settings more, each a line of the engine's configuration file; they come last, so they win.
    package var lines: [String] = []

    package init() {}

    /// The text of one server's configuration file, which is where its secrets are: not on its command line.
    func text(_ ports: ServerPorts, folder: String) -> String {
        var text = [
            "bind 127.0.0.1", "port \(ports.client.port)", "dir \(Self.quoted(folder))", "daemonize no",
            "logfile \(Self.quoted(folder + "/log"))", "save \"\"", "appendonly \(keepsData ? "yes" : "no")",
            "cluster-enabled yes", "cluster-port \(ports.bus.port)",
            "cluster-node-timeout \(nodeTimeoutMilliseconds)", "repl-diskless-sync yes",
            "repl-diskless-sync-delay 0", "shutdown-timeout 0",
        ]
        if let password {
            text += ["requirepass \(Self.quoted(password))", "masterauth \(Self.quoted(password))"]
        }
        text += users.map { "user \($0)" }
        if let tls = ports.tls {
            text += ["tls-port \(tls.port)", "tls-cluster yes", "tls-replication yes", "tls-auth-clients no"]
            text += ["tls-cert-file", "tls-key-file", "tls-ca-cert-file"].map { name in
                "\(name) \(Self.quoted(TestCertificate.path(ofSetting: name, in: folder)))"
            }
        }
        return (text + lines).joined(separator: "\n") + "\n"
    }

    /// As the engine reads a text with spaces or quotes in it.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
