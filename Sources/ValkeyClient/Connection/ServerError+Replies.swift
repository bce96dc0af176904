extension ServerError {
    /// The error that an error reply means for the caller, where it means an end.
    ///
    /// MOVED, ASK and their like are not for here: a client that routes keys reads those first.
    public init(_ reply: RESPError, to command: Command, at server: ServerAddress) {
        let told = "it answered \(command.name.printable(charactersMax: 40)) with '\(reply)'"
        switch reply.code {
        case "WRONGPASS":
            self.init(
                .notPermitted, at: server, "the user name or the password is wrong (WRONGPASS)",
                advice: "Give the password by a file or the environment, and the user in the address.")
        case "NOAUTH":
            self.init(
                .notPermitted, at: server, "it wants a password, and none was given (NOAUTH)",
                advice: "Give the password by a file or the environment.")
        case "NOPERM":
            let what =
                reply.detail.contains("access") ? "touch what \(command.shownName) names" : "run \(command.shownName)"
            self.init(
                .notPermitted, at: server, "the user may not \(what) (NOPERM)",
                advice: "Have it allowed with ACL SETUSER, or use another user.")
        case "DENIED":
            self.init(
                .notPermitted, at: server, "it is in protected mode and takes clients of its own machine only (DENIED)",
                advice: "Set a password there, or its 'bind' and 'protected-mode'.")
        case "LOADING":
            self.init(.notNow, at: server, "it is loading its data (LOADING)", advice: "Try again in a while.")
        case "MASTERDOWN":
            self.init(
                .notNow, at: server, "it is a replica whose primary is gone (MASTERDOWN)",
                advice: "Try again when the failover is over.")
        case "CLUSTERDOWN":
            self.init(
                .notNow, at: server, "the cluster does not serve: \(reply.detail)",
                advice: "See 'shardtop status' for what is missing.")
        case "TRYAGAIN", "BUSY", "MISCONF", "NOREPLICAS", "OOM":
            self.init(.notNow, at: server, told, advice: "Try again in a while.")
        case "READONLY":
            self.init(.refused, at: server, "it is a replica, and takes no writes (READONLY)")
        case "WRONGTYPE":
            self.init(.refused, at: server, "the key holds another type than a text (WRONGTYPE)")
        default:
            self.init(reply, told: told, command: command, at: server)
        }
    }

    /// Errors without a code of their own are known by their words.
    private init(_ reply: RESPError, told: String, command: Command, at server: ServerAddress) {
        let words = reply.detail.lowercased()
        if words.contains("cluster support disabled") {
            self = .standalone(server)
        } else if words.hasPrefix("invalid password") {
            // As servers before version 6 say it.
            self.init(RESPError("WRONGPASS"), to: command, at: server)
        } else if words.contains("max number of clients") {
            self.init(
                .notNow, at: server, "it has as many clients as it takes",
                advice: "Raise its 'maxclients', or close other clients.")
        } else if words.hasPrefix("unknown command") || words.hasPrefix("unknown subcommand") {
            // The rest of the message repeats the arguments, which may be secret.
            self.init(
                .refused, at: server, "it does not know the command \(command.shownName)",
                advice: "Its version is too old for that, or the command was renamed.")
        } else {
            self.init(.refused, at: server, told)
        }
    }

    static func standalone(_ server: ServerAddress) -> ServerError {
        ServerError(
            .notACluster, at: server, "this server stands alone; it is no node of a cluster",
            advice: "Give a node of a cluster: one with 'cluster-enabled yes' in its configuration.")
    }

    static func sentinel(_ server: ServerAddress) -> ServerError {
        ServerError(
            .notACluster, at: server, "this is a sentinel, which watches over servers and holds no keys",
            advice: "Give a node of a cluster; what sentinels watch over is none.")
    }
}

extension Command {
    /// The name with its subcommand, where it is one that has them.
    var shownName: String {
        guard ["ACL", "CLIENT", "CLUSTER", "COMMAND", "CONFIG"].contains(name), arguments.count > 1 else {
            return name.printable(charactersMax: 40)
        }
        return "\(name) \(String(decoding: arguments[1], as: UTF8.self).uppercased().printable(charactersMax: 40))"
    }
}

extension RESPError {
    /// The same without a secret: some servers repeat arguments in their errors.
    func without(_ secret: Secret?) -> RESPError {
        var message = message
        if let arguments = message.range(of: "with args beginning with") ?? message.range(of: ", args:") {
            message = message[..<arguments.lowerBound] + "with arguments"
        }
        guard let secret = secret?.revealed, !secret.isEmpty, !["MOVED", "ASK"].contains(code) else {
            return RESPError(message)
        }
        return RESPError(message.replacing(secret, with: "…"))
    }
}
