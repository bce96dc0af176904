/// From request to answer: who serves a key, and what to do while nobody can.
extension Replica {
    /// Tries at other members before a request is given up, counted in rounds over all of them.
    private static let roundsMax = 3
    private static let retryMicroseconds: UInt64 = 150_000
    /// The time that one member may take before the next is asked.
    private static let tryMilliseconds: UInt64 = 1_200

    mutating func receive(_ request: Request, id: RequestID) {
        guard !draining.hasBegun else {
            if members.own.hasYielded, case .status = request { return answer(request, id: id) }
            return finish(.client(id), .refused(members.own.hasYielded ? .twin : .stopping))
        }
        guard request.key != nil else { return answer(request, id: id) }
        // It is not even passed on: nobody would believe the message.
        if let context = request.context, !context.isWithinBounds {
            return finish(.client(id), .refused(.foreignContext))
        }
        start(request, from: .client(id))
    }

    mutating func receive(_ forward: Forward, from: NodeAddress) {
        time.follow(forward.timestamp, of: .peers)
        noteConfirmed(forward)
        switch forward.request {
        case .keyCount(let shard):
            let isHere = shard == self.shard && state == .serving
            send(
                .forwarded(id: forward.id, isHere ? .keyCount(store.tally.keys) : .refused(.shardDown(shard: shard))),
                to: from)
        case .get, .put, .delete:
            start(
                forward.request, from: .peer(from, id: forward.id), timestamp: forward.timestamp,
                isRetry: forward.isRetry || mayHaveCome(forward, from: from))
        default:
            break
        }
    }

    /// True for a write that may have been carried out here before: the network brought it twice, or late. A write
    /// that is turned down as outdated is written again under a later timestamp, so that must not be said of one that
    /// was carried out and has been overtaken.
    private mutating func mayHaveCome(_ forward: Forward, from: NodeAddress) -> Bool {
        guard isWrite(forward.request), let last = peers[from]?.forwardedTimestamp else { return false }
        if forward.timestamp <= last { return !makes(.doubledForwardsAreNew) }
        members.peers.update(from) { $0.forwardedTimestamp = forward.timestamp }
        return false
    }

    /// Answers where it can be done at once, and otherwise keeps the request and sees to it that it is answered.
    mutating func start(
        _ request: Request, from source: Pending.Source, timestamp: UInt64 = 0, isRetry: Bool = false
    ) {
        let deadline = now.monotonicMicroseconds + microseconds(configuration.dependencyWaitMilliseconds)
        if let reply = serveAtOnce(request, timestamp: timestamp, isRetry: isRetry) {
            return answer(source, reply, to: request, deadlineMicroseconds: deadline)
        }
        guard requests.open.count < configuration.waitingMax else { return finish(source, .refused(.busy)) }
        let id = queries.ids.next()
        let stamp = timestamp > 0 ? timestamp : stamp(for: request)
        requests.open.add(
            id,
            Pending(
                source: source, request: request, timestamp: stamp, isRetry: isRetry, deadlineMicroseconds: deadline,
                heartbeat: members.heartbeats.count))
        route(id)
    }

    mutating func finish(_ source: Pending.Source, _ reply: Reply) {
        switch source {
        case .client(let id): outbox.reply(id, reply)
        case .peer(let node, let id): send(.forwarded(id: id, reply), to: node)
        }
    }

    mutating func finish(_ id: UInt64, _ reply: Reply) {
        guard let request = requests.open.close(id) else { return }
        finish(request.source, reply)
    }

    /// The way that nearly all requests take: this node owns the key, and nothing is missing.
    private mutating func serveAtOnce(_ request: Request, timestamp: UInt64, isRetry: Bool) -> Reply? {
        guard state == .serving, let key = request.key,
            layout.shard(ofKey: key) == shard || makes(.answersAfterGivingUp) && !isWrite(request) && layout.epoch > 1
        else { return nil }
        return serveHere(request, timestamp: timestamp > 0 ? timestamp : nil, isRetry: isRetry)
    }

    /// A timestamp above all that the request's context saw.
    private mutating func stamp(for request: Request) -> UInt64 {
        switch request {
        case .put(_, _, let context), .delete(_, let context):
            if time.mayFollow(context.timestamp, of: .contexts) { time.follow(context.timestamp, of: .contexts) }
            return time.clock.tick(wallMicroseconds: wallMicroseconds)
        default:
            return time.clock.last
        }
    }

    /// Takes the next step for a pending request.
    mutating func route(_ id: UInt64) {
        guard let request = requests.open[id], let key = request.request.key else { return }
        guard layout.epoch > 0, layout.shardCount > 0 else { return requests.open.park(id, .shardDown(shard: nil)) }
        let owner = layout.shard(ofKey: key)
        guard owner == shard else {
            if case .peer(let node, _) = request.source {
                // One hop at a time: whoever sent it here finds the owner under the layout that it gets.
                _ = requests.open.close(id)
                return send(.epoch(record), to: node)
            }
            return forward(id, toShard: owner)
        }
        if state == .serving {
            if let reply = serveHere(request.request, timestamp: request.timestamp, isRetry: request.isRetry) {
                if case .refused(.outdated(let later)) = reply, case .client = request.source {
                    return restamp(id, above: later)
                }
                _ = requests.open.close(id)
                return answer(
                    request.source, reply, to: request.request,
                    deadlineMicroseconds: request.deadlineMicroseconds)
            }
            if isFrozen, isWrite(request.request) {
                return makes(.freezesRefuse) ? finish(id, .refused(.busy)) : requests.open.hold(id)
            }
            return requests.open.park(id, .dependenciesNotMet)
        }
        if case .peer = request.source { return finish(id, .refused(.shardDown(shard: owner))) }
        forward(id, toShard: owner)
    }

    func isWrite(_ request: Request) -> Bool {
        if case .get = request { false } else { true }
    }

    /// Chooses a later timestamp, for a write that nobody can have carried out yet.
    private mutating func restamp(_ id: UInt64, above later: UInt64) {
        time.clock.observe(later)
        let timestamp = time.clock.tick(wallMicroseconds: wallMicroseconds)
        requests.open.update(id) { $0.timestamp = timestamp }
        route(id)
    }

    private mutating func forward(_ id: UInt64, toShard owner: Int) {
        guard var request = requests.open[id] else { return }
        guard let member = candidate(of: owner, without: request.tried, salt: id) else {
            request.rounds += 1
            request.obstacle = .shardDown(shard: owner)
            request.tried = []
            requests.open.update(id) { $0 = request }
            if request.rounds >= Self.roundsMax, owner != shard {
                return finish(id, .refused(.shardDown(shard: owner)))
            }
            return requests.open.retry(id, atMicroseconds: now.monotonicMicroseconds + Self.retryMicroseconds)
        }
        request.tried.append(member)
        request.asked.append(member)
        request.tries += 1
        request.wait = .forwarded(to: member, sentMicroseconds: now.monotonicMicroseconds)
        let isRetry = request.isRetry
        request.isRetry = true
        requests.open.update(id) { $0 = request }
        send(
            .forward(
                Forward(
                    id: id, timestamp: request.timestamp, isRetry: isRetry,
                    isConfirmed: confirms(request.request, for: owner), request: request.request)),
            to: member)
    }

    /// A member that is up and was not tried yet; those that say they serve, and are not suspect, come first.
    private func candidate(of owner: Int, without tried: [NodeAddress], salt: UInt64) -> NodeAddress? {
        let members = layout.shards[owner].filter { $0 != address && isUp($0) && !tried.contains($0) }
        let serving = members.filter { peers[$0]?.state == .serving }
        let trusted = serving.filter { peers[$0]?.presence.isSuspect == false }
        let choice = trusted.isEmpty ? serving.isEmpty ? members : serving : trusted
        return choice.isEmpty ? nil : choice[Int(salt % UInt64(choice.count))]
    }

    mutating func receiveForwarded(id: UInt64, _ reply: Reply, from: NodeAddress) {
        if receiveForwardedCount(id: id, reply) { return }
        noteConfirmed(by: reply, of: from)
        guard let request = requests.open[id] else { return }
        switch reply {
        case .refused(.shardDown), .refused(.busy), .refused(.stopping):
            guard case .forwarded(let node, _) = request.wait, node == from else { return }
            // It said that it did nothing, unless that is what it said of an earlier try, and came late or twice.
            if request.asked.count(where: { $0 == node }) == 1 {
                requests.open.update(id) { open in
                    open.tries -= 1
                    if request.tries == 1 { open.isRetry = false }
                }
            }
            route(id)
        case .refused(.outdated(let later)):
            // The only try was turned down, so a new timestamp makes no second write. One that says what is below the
            // timestamp tried now is about an earlier try, and came late or twice.
            guard request.tries == 1, later >= request.timestamp || makes(.doubledForwardsAreNew) else { return }
            requests.open.update(id) { ($0.isRetry, $0.tried, $0.tries) = (false, [], 0) }
            restamp(id, above: later)
        default:
            finish(id, reply)
        }
    }

    /// Tries elsewhere what `node` was asked: it cannot be reached, or its layout was another.
    mutating func retryForwards(to node: NodeAddress) {
        for id in requests.open.forwarded(where: { $0 == node }) { route(id) }
        retryCounts(to: node)
    }

    /// Routes anew all that other nodes were asked: the layout is another now.
    mutating func rerouteForwards() {
        for id in requests.open.forwarded(where: { _ in true }) {
            requests.open.update(id) { $0.tried = [] }
            route(id)
        }
    }

    /// Writes that a freeze held go on, to whoever owns their keys now.
    mutating func releaseHeld() {
        for id in requests.open.takeHeld() { route(id) }
    }

    /// Tries all waiting requests again.
    mutating func recheckWaiting() {
        for id in requests.open.takeWaiting() {
            guard let request = requests.open[id] else { continue }
            if case .retry = request.wait { requests.open.putBack(id) } else { route(id) }
        }
    }

    /// Gives up what is past its deadline, asks the next member where one takes too long, and tries again what is due.
    mutating func expirePending() {
        for id in requests.open.ids {
            guard let request = requests.open[id] else { continue }
            if now.monotonicMicroseconds >= request.deadlineMicroseconds {
                finish(id, .refused(request.obstacle))
                continue
            }
            if namesLostEpoch(request) {
                finish(id, .refused(.contextOfAnotherCluster))
                continue
            }
            switch request.wait {
            case .forwarded(_, let sent) where hasPassed(Self.tryMilliseconds, since: sent):
                requests.open.update(id) { $0.obstacle = .shardDown(shard: nil) }
                route(id)
            case .retry(let due) where now.monotonicMicroseconds >= due:
                requests.open.unwait(id)
                route(id)
            default:
                break
            }
        }
        requests.open.sweep()
    }
}
