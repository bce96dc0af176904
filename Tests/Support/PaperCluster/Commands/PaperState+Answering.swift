import ValkeyClient

/// What a node keeps of one connection.
struct PaperClient: Sendable {
    var version = 2
    var isAsking = false
    /// Nil before it has given a password, where one is wanted.
    var user: String?
}

/// A command's words, as it came.
struct PaperCommand {
    let bytes: [[UInt8]]
    let words: [String]

    init(_ bytes: [[UInt8]]) {
        self.bytes = bytes
        words = bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The word at a place, in capitals; empty where there is none.
    func word(_ place: Int) -> String { place < words.count ? words[place].uppercased() : "" }
    func number(_ place: Int) -> Int? { place < words.count ? Int(words[place]) : nil }

    /// As INFO names it: with the subcommand, of commands that have some.
    var name: String {
        ["CLUSTER", "CONFIG", "CLIENT", "ACL", "COMMAND", "DEBUG"].contains(word(0)) && words.count > 1
            ? "\(words[0])|\(words[1])".lowercased() : (words.first ?? "").lowercased()
    }
}

extension PaperState {
    /// What a node answers to a command, when nothing goes wrong.
    mutating func answer(_ command: PaperCommand, at node: Int, _ client: inout PaperClient) -> RESPValue {
        let isAsking = client.isAsking
        client.isAsking = false
        nodes[node].commandCounts[command.name, default: 0] += 1
        switch command.word(0) {
        case "HELLO": return hello(command, node, &client)
        case "AUTH": return logIn(command, from: 1, &client) ?? .ok
        default: break
        }
        if let refusal = refusal(command, client) { return refusal }
        if nodes[node].isLoading, !Self.serveWhileLoading.contains(command.word(0)) {
            return .failure("LOADING Redis is loading the dataset in memory")
        }
        switch command.word(0) {
        case "PING": return command.words.count > 1 ? .bulk(command.bytes[1]) : .simple("PONG")
        case "ASKING":
            client.isAsking = true
            return .ok
        case "READONLY", "READWRITE", "CLIENT": return .ok
        case "WAIT": return .integer(replicas(of: node).count { nodes[$0].isRunning })
        case "INFO": return .verbatim(format: "txt", bytes: Array(info(node, command).utf8))
        case "CLUSTER": return cluster(command, node)
        case "COMMAND": return commands(command)
        case "CONFIG": return configuration(command, node)
        case "ACL": return accessControl(command, client)
        case "ROLE": return role(node)
        case "DBSIZE": return .integer(keyCount(node))
        case "MIGRATE": return migrate(command, node)
        case let name where Self.keyCommands.keys.contains(name):
            return keys(command, node, isAsking: isAsking)
        default:
            let rest = command.words.dropFirst().map { "'\($0)' " }.joined()
            return .failure("ERR unknown command '\(command.words.first ?? "")', with args beginning with: \(rest)")
        }
    }

    private static let serveWhileLoading: Set<String> = [
        "INFO", "CLUSTER", "COMMAND", "CONFIG", "ACL", "CLIENT", "ROLE", "READONLY", "READWRITE", "ASKING",
    ]

    // MARK: Who may

    private mutating func hello(_ command: PaperCommand, _ node: Int, _ client: inout PaperClient) -> RESPValue {
        if let version = command.number(1) {
            guard (2...3).contains(version) else { return .failure("NOPROTO unsupported protocol version") }
            if command.word(2) == "AUTH", let refusal = logIn(command, from: 3, &client) { return refusal }
            guard !needsLogin(client) else {
                return .failure(
                    "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> "
                        + "AUTH <user> <pass> option can be used to authenticate the client")
            }
            client.version = version
        }
        return .map([
            .init("server", engine.isValkey ? "valkey" : "redis"), .init("version", .text(engine.version)),
            .init("proto", .integer(client.version)), .init("id", .integer(1)), .init("mode", "cluster"),
            .init("role", nodes[node].isReplica ? "replica" : "master"), .init("modules", .array([])),
        ])
    }

    private func needsLogin(_ client: PaperClient) -> Bool { password != nil && client.user == nil }

    private mutating func logIn(_ command: PaperCommand, from place: Int, _ client: inout PaperClient) -> RESPValue? {
        let given = Array(command.words.dropFirst(place).prefix(2))
        let user = given.count == 2 ? given[0] : "default"
        guard user != "default" || password != nil else {
            return .failure(
                "ERR AUTH <password> called without any password configured for the default user. Are you sure your "
                    + "configuration is correct?")
        }
        guard let expected = user == "default" ? password : users[user]?.password, expected == given.last else {
            return .failure("WRONGPASS invalid username-password pair or user is disabled.")
        }
        client.user = user
        return nil
    }

    private func refusal(_ command: PaperCommand, _ client: PaperClient) -> RESPValue? {
        if needsLogin(client) { return .failure("NOAUTH Authentication required.") }
        guard let user = users[client.user ?? ""] else { return nil }
        let command = command.name
        let whole = String(command.prefix { $0 != "|" })
        guard user.mayNot.contains(command) || user.mayNot.contains(whole) else { return nil }
        return .failure("NOPERM User \(client.user ?? "") has no permissions to run the '\(command)' command")
    }

    private func accessControl(_ command: PaperCommand, _ client: PaperClient) -> RESPValue {
        switch command.word(1) {
        case "WHOAMI": return .text(client.user ?? "default")
        case "DRYRUN":
            let asked = PaperCommand(Array(command.bytes.dropFirst(3)))
            var other = client
            other.user = command.words.count > 2 ? command.words[2] : nil
            guard case .error(let error)? = refusal(asked, other) else { return .ok }
            return .text(error.detail)
        default: return unknownSubcommand(command)
        }
    }

    func unknownSubcommand(_ command: PaperCommand) -> RESPValue {
        let words = command.words
        return .failure(
            "ERR unknown subcommand '\(words.count > 1 ? words[1] : "")'. Try \(words[0].uppercased()) HELP.")
    }

    // MARK: What it is

    private func commands(_ command: PaperCommand) -> RESPValue {
        guard command.word(1) == "INFO" else { return .array([]) }
        return .array(
            command.words.dropFirst(2).map { name in
                guard has(name.uppercased()) else { return .null }
                let places = (0..<3).map { _ in RESPValue.integer(0) }
                return .array(
                    [.text(name.lowercased()), .integer(-2), .array([])] + places
                        + (0..<4).map { _ in .array([]) })
            })
    }

    private func has(_ name: String) -> Bool {
        let parts = name.split(separator: "|").map(String.init)
        guard parts.count == 2 else {
            return Self.keyCommands[name] != nil
                || ["CLUSTER", "MIGRATE", "INFO", "PING", "CONFIG", "ACL"].contains(name)
        }
        switch parts[0] {
        case "CLUSTER": return Self.subcommands.contains(parts[1]) || engine.ownSubcommands.contains(parts[1])
        case "ACL": return ["WHOAMI", "DRYRUN"].contains(parts[1])
        case "CONFIG": return ["GET", "SET"].contains(parts[1])
        default: return false
        }
    }

    private mutating func configuration(_ command: PaperCommand, _ node: Int) -> RESPValue {
        switch command.word(1) {
        case "GET":
            let names = command.words.dropFirst(2).map { $0.lowercased() }
            return .map(
                names.compactMap { name in
                    nodes[node].configuration[name].map { .init(.text(name), .text($0)) }
                })
        case "SET":
            for place in stride(from: 2, to: command.words.count - 1, by: 2) {
                nodes[node].configuration[command.words[place].lowercased()] = command.words[place + 1]
            }
            return .ok
        default: return unknownSubcommand(command)
        }
    }

    private func role(_ node: Int) -> RESPValue {
        if let primary = nodes[node].primary {
            let state = nodes[primary].isRunning ? "connected" : "connect"
            return .array([
                .text("slave"), .text("127.0.0.1"), .integer(nodes[primary].port), .text(state), .integer(0),
            ])
        }
        let replicas = replicas(of: node).map { replica -> RESPValue in
            .array([.text("127.0.0.1"), .text("\(nodes[replica].port)"), .text("0")])
        }
        return .array([.text("master"), .integer(0), .array(replicas)])
    }
}
