/// The commands on a new connection before all others: version, log-in, name, and whether it is a cluster's node.
struct Handshake {
    enum Action: Equatable {
        case send(Command)
        case ready
        case fail(ServerError)
    }

    private enum Step { case hello, auth, name, info }

    private static let clientName = "shardtop"

    private let server: ServerAddress
    private let login: ServerLogin
    private let requiresCluster: Bool
    private var step = Step.hello

    init(server: ServerAddress, login: ServerLogin, requiresCluster: Bool) {
        self.server = server
        self.login = login
        self.requiresCluster = requiresCluster
    }

    /// RESP3 with the log-in, in one go.
    var first: Command {
        let hello = Command("HELLO", "3")
        guard let password = login.password else { return hello.adding("SETNAME", Self.clientName) }
        return hello.adding("AUTH", login.user ?? "default", password.revealed, "SETNAME", Self.clientName)
    }

    mutating func receive(_ reply: RESPValue) -> Action {
        switch step {
        case .hello: hello(reply)
        case .auth: auth(reply)
        // A name is a courtesy: servers of old have none, and a user may lack the command.
        case .name: named()
        case .info: info(reply)
        }
    }

    private mutating func hello(_ reply: RESPValue) -> Action {
        guard let error = reply.error else {
            guard let fields = reply.fields, fields["proto"]?.integer == 3 else {
                return .fail(ServerError(.wrongProtocol, at: server, "it answered HELLO with \(reply.kind)"))
            }
            return judge(mode: fields["mode"]?.text)
        }
        switch error.code {
        case "WRONGPASS", "NOAUTH", "DENIED", "LOADING", "BUSY": return .fail(refusal(error, first))
        default: break
        }
        if error.detail.contains("max number of clients") { return .fail(refusal(error, first)) }
        // A server before version 6, or a user without HELLO: the same in RESP2, word for word.
        guard let password = login.password else { return setName() }
        step = .auth
        return .send(Command(["AUTH"] + (login.user.map { [$0] } ?? []) + [password.revealed]))
    }

    private mutating func auth(_ reply: RESPValue) -> Action {
        if let error = reply.error, !Self.wantsNoPassword(error) { return .fail(refusal(error, Command("AUTH"))) }
        return setName()
    }

    /// A password for a server that asks for none does no harm: others of the cluster may want it.
    private static func wantsNoPassword(_ error: RESPError) -> Bool {
        error.message.contains("without any password configured") || error.message.contains("no password is set")
    }

    private mutating func setName() -> Action {
        step = .name
        return .send(Command("CLIENT", "SETNAME", Self.clientName))
    }

    private mutating func named() -> Action {
        step = .info
        return .send(Command("INFO", "server"))
    }

    private func info(_ reply: RESPValue) -> Action {
        if let error = reply.error {
            // A user who may not ask for INFO finds out by the first CLUSTER command.
            return error.code == "NOPERM" ? .ready : .fail(refusal(error, Command("INFO", "server")))
        }
        guard let text = reply.text else {
            return .fail(ServerError(.broken, at: server, "it answered INFO with \(reply.kind)"))
        }
        let mode = text.split(whereSeparator: \.isNewline).first {
            $0.hasPrefix("redis_mode:") || $0.hasPrefix("server_mode:")
        }
        return judge(mode: mode.map { String($0.drop { $0 != ":" }.dropFirst()) })
    }

    private func judge(mode: String?) -> Action {
        guard requiresCluster else { return .ready }
        return switch mode {
        case "standalone": .fail(.standalone(server))
        case "sentinel": .fail(.sentinel(server))
        default: .ready
        }
    }

    private func refusal(_ error: RESPError, _ command: Command) -> ServerError {
        ServerError(error.without(login.password), to: command, at: server)
    }
}
