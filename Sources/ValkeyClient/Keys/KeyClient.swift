import Synchronization

/// The answer to a command on a key, with the way that the command took.
public struct KeyAnswer: Sendable {
    /// May be an error that has nothing to do with the way to the key.
    public let reply: RESPValue
    public let slot: HashSlot
    /// The server that gave it.
    public let server: ServerAddress
    /// MOVED and ASK that were followed.
    public let redirections: Int
    /// An earlier try went out and was not answered: it was carried out twice, or may be yet.
    public let mayComeTwice: Bool
}

/// A client of a cluster: it asks the owner of each key's slot, and goes where it is sent when slots move.
public final class KeyClient: Sendable {
    /// How long it has patience.
    public struct Patience: Sendable {
        /// Until the owner of a slot has answered; then the map of slots is looked at again.
        public var attempt = Duration.milliseconds(1_500)
        /// For all tries together.
        public var total = Duration.seconds(5)

        public init() {}
    }

    private static let mapLimit = Duration.milliseconds(700)
    private static let mapAsksMax = 4
    private static let mapPause = Duration.milliseconds(40)

    private struct State {
        var routes: SlotRoutes
        var fetches = 0
        var isFetching = false
        var fetched: ContinuousClock.Instant?
        var troubled: [ServerAddress: ContinuousClock.Instant] = [:]
    }

    private let servers: any ServerCalls
    private let lane: Int
    private let patience: Patience
    private let state: Mutex<State>

    /// - Parameters:
    ///   - seeds: where the map of slots is first asked for. Any node will do.
    ///   - lane: of the calls; see ``ServerCalls``.
    public init(_ servers: any ServerCalls, seeds: [ServerAddress], lane: Int = 15, patience: Patience = Patience()) {
        self.servers = servers
        self.lane = lane
        self.patience = patience
        state = Mutex(State(routes: SlotRoutes(seeds: seeds)))
    }

    /// Runs a command on a key wherever its slot is, following MOVED, ASK and their like.
    ///
    /// - Returns: the reply, which may be an error of the command itself.
    /// - Throws: where it was not answered within the patience.
    public func call(_ command: Command, key: some Collection<UInt8> & Sendable) async throws(ServerError) -> KeyAnswer
    {
        let deadline = ContinuousClock.now + patience.total
        var attempts = KeyAttempts(slot: HashSlot(key: key))
        if state.withLock({ $0.routes.isEmpty && $0.fetches == 0 }) { await fetchMap(by: deadline) }
        while true {
            let target = attempts.begin()
            guard let server = target?.server ?? route(attempts.slot) else {
                throw ServerError(.unreachable, at: nil, "no server is known to ask")
            }
            let left = deadline - ContinuousClock.now
            guard left > .zero else { throw attempts.givenUp(after: patience.total, at: server) }
            let next: KeyAttempts.Next
            do throws(ServerError) {
                let commands = target?.isAsking == true ? [Command("ASKING"), command] : [command]
                let replies = try await servers.send(
                    commands, to: server, lane: lane, within: min(left, patience.attempt))
                guard replies.count == commands.count, let reply = replies.last else { throw .replyCount(at: server) }
                next = attempts.answered(reply, to: command, by: server)
            } catch {
                note(error, server)
                next = attempts.failed(error)
            }
            switch next {
            case .done(let reply):
                return KeyAnswer(
                    reply: reply, slot: attempts.slot, server: server, redirections: attempts.redirections,
                    mayComeTwice: attempts.mayComeTwice)
            case .fail(let error): throw error
            case .again(let pause, let isOutdated, let owner):
                if let owner { state.withLock { $0.routes.moved(attempts.slot, to: owner) } }
                if isOutdated { fetchMapSoon() }
                guard ContinuousClock.now + pause < deadline else {
                    throw attempts.givenUp(after: patience.total, at: server)
                }
                if pause > .zero {
                    do {
                        try await Task.sleep(for: pause)
                    } catch {
                        throw .cancelled(server, wasSent: attempts.mayComeTwice)
                    }
                }
            }
        }
    }

    /// A server that did not answer, or whose connection was lost, since then; nil if all is well.
    func lastTrouble(since: ContinuousClock.Instant) -> ServerAddress? {
        state.withLock { state in state.troubled.first { $0.value >= since }?.key }
    }

    private func note(_ error: ServerError, _ server: ServerAddress) {
        guard [.unreachable, .silent, .lost].contains(error.kind) else { return }
        state.withLock { $0.troubled[server] = .now }
    }

    /// Asks one server directly, whatever it owns.
    func ask(_ command: Command, of server: ServerAddress) async throws(ServerError) -> RESPValue {
        try await servers.send(command, to: server, lane: lane, within: Self.mapLimit)
    }

    // MARK: The map of slots

    private func route(_ slot: HashSlot) -> ServerAddress? {
        state.withLock { $0.routes.owner(of: slot) ?? $0.routes.candidates().first }
    }

    /// Fetches the map beside the calls, once for all who find it out of date.
    private func fetchMapSoon() {
        let isDue = state.withLock { state in
            let isFresh = state.fetched.map { $0 + Self.mapPause > .now } ?? false
            guard !state.isFetching, !isFresh else { return false }
            state.isFetching = true
            return true
        }
        guard isDue else { return }
        Task {
            await fetchMap(by: .now + .seconds(2))
            state.withLock { $0.isFetching = false }
        }
    }

    private func fetchMap(by deadline: ContinuousClock.Instant) async {
        let candidates = state.withLock { state in
            state.fetches += 1
            return state.routes.candidates()
        }
        for server in candidates.prefix(Self.mapAsksMax) {
            let left = deadline - ContinuousClock.now
            guard left > .zero, !Task.isCancelled else { return }
            let reply = try? await servers.send(
                Command("CLUSTER", "SLOTS"), to: server, lane: lane, within: min(left, Self.mapLimit))
            let isLearnt = state.withLock { state in
                guard let reply, state.routes.learn(reply, from: server) else { return false }
                state.fetched = .now
                return true
            }
            if isLearnt { return }
        }
    }
}
