/// The tries of one command on one key: whom to ask next, when, and when to give up. Reads no clock and asks nobody.
struct KeyAttempts {
    enum Next: Equatable {
        case done(RESPValue)
        /// After that pause; `isOutdated`: the map of slots is to be fetched meanwhile. `owner`: of the slot, as was said.
        case again(pause: Duration, isOutdated: Bool, owner: ServerAddress? = nil)
        case fail(ServerError)
    }

    /// Redirections that are followed at once; more of them, and there is a pause, as the nodes do not agree yet.
    private static let quickRedirectionsMax = 4
    private static let triesMax = 200
    private static let pauseMillisecondsMin = 10
    private static let pauseMillisecondsMax = 200

    let slot: HashSlot
    private(set) var tries = 0
    private(set) var redirections = 0
    /// An earlier try may have been carried out: this one may be the second time.
    private(set) var mayComeTwice = false
    /// The server to ask next, where one was named; only for one try.
    private var target: (server: ServerAddress, isAsking: Bool)?
    private var quickRedirections = 0
    private var pauseMilliseconds = pauseMillisecondsMin
    /// Why the last try failed.
    private(set) var trouble: ServerError?

    init(slot: HashSlot) { self.slot = slot }

    /// Before each try.
    ///
    /// - Returns: whom to ask, and whether with ASKING; nil if the map of slots decides.
    mutating func begin() -> (server: ServerAddress, isAsking: Bool)? {
        tries += 1
        defer { target = nil }
        return target
    }

    mutating func answered(_ reply: RESPValue, to command: Command, by server: ServerAddress) -> Next {
        guard let error = reply.error else { return .done(reply) }
        guard let redirection = Redirection(error, from: server) else {
            // Errors of the command itself are the caller's to read.
            return .done(reply)
        }
        trouble = ServerError(error, to: command, at: server)
        guard tries < Self.triesMax else { return .fail(trouble ?? .replyCount(at: server)) }
        switch redirection {
        case .moved(_, let owner):
            target = (owner, false)
            return followed(isOutdated: true, owner: owner)
        case .ask(_, let server):
            target = (server, true)
            return followed(isOutdated: false)
        case .later(let isElsewhere): return .again(pause: pause(), isOutdated: isElsewhere)
        }
    }

    mutating func failed(_ error: ServerError) -> Next {
        trouble = error
        if error.mayHaveHappened { mayComeTwice = true }
        switch error.kind {
        case .unreachable, .silent, .lost, .notNow:
            guard tries < Self.triesMax else { return .fail(error) }
            return .again(pause: pause(), isOutdated: true)
        case .wrongProtocol, .notPermitted, .notACluster, .refused, .broken, .cancelled: return .fail(error)
        }
    }

    private mutating func followed(isOutdated: Bool, owner: ServerAddress? = nil) -> Next {
        redirections += 1
        quickRedirections += 1
        let isQuick = quickRedirections <= Self.quickRedirectionsMax
        return .again(pause: isQuick ? .zero : pause(), isOutdated: isOutdated, owner: owner)
    }

    private mutating func pause() -> Duration {
        defer { pauseMilliseconds = min(Self.pauseMillisecondsMax, pauseMilliseconds * 2) }
        quickRedirections = 0
        return .milliseconds(pauseMilliseconds)
    }

    /// The time is over.
    func givenUp(after limit: Duration, at server: ServerAddress?) -> ServerError {
        guard let trouble else {
            return ServerError(.silent, at: server, "no answer within \(limit.words)", mayHaveHappened: mayComeTwice)
        }
        return ServerError(
            trouble.kind, at: trouble.server, "\(trouble.what) (given up after \(limit.words))", advice: trouble.advice,
            mayHaveHappened: mayComeTwice)
    }
}
