extension Replica {
    /// Takes in a message of a peer: first who sent it and under which epoch, then what it says.
    mutating func receive(_ envelope: Envelope) {
        let from = envelope.from
        guard from != address, believes(envelope), isOfOwnCluster(envelope), hear(envelope),
            !isTooMuchForDisk(envelope.message)
        else {
            return
        }
        if time.mayFollow(envelope.timestamp, of: .peers) { time.follow(envelope.timestamp, of: .peers) }
        let rules = envelope.message.rules
        if envelope.epoch > layout.epoch, rules.epoch != .brings {
            wantEpoch(from: from)
            if rules.needsSameEpoch { return requests.ahead.keep(envelope) }
        }
        if envelope.epoch < layout.epoch, rules.needsSameEpoch { return receiveOutdated(envelope, rules.epoch) }
        receive(envelope.message, from: from, epoch: envelope.epoch)
    }

    mutating func receive(_ message: Message, from: NodeAddress, epoch: UInt64) {
        switch message {
        case .heartbeat(let heartbeat): receive(heartbeat, from: from, epoch: epoch)
        case .leaving: markLeaving(from)
        case .otherCluster: break  // of a cluster whose side this node has taken meanwhile
        case .laterStart(let known, let silent): receiveLaterStart(known, silentMilliseconds: silent, from: from)
        case .epochWanted: send(.epoch(record), to: from)
        case .epoch(let record): adopt(record)
        case .replicate(let replication): receive(replication, from: from)
        case .replicated(let vector): receiveReplicated(vector, from: from)
        case .fetch(let fetch): serve(fetch, to: from)
        case .fetched(let page): receive(page, from: from)
        case .handOn(let id, let records): receiveHandOn(id: id, records, from: from)
        case .handedOn(let id): receiveHandedOn(id: id, from: from)
        case .baselineExtended(let vector): extendBaseline(vector)
        case .forward(let forward): receive(forward, from: from)
        case .forwarded(let id, let reply): receiveForwarded(id: id, reply, from: from)
        case .probe(let id, let key): serveProbe(id: id, key: key, to: from)
        case .probed(let id, let version, let isTombstone):
            receiveProbed(id: id, version, isTombstone: isTombstone, from: from)
        case .count(let id, let seed, let shardCount): startCount(id: id, seed, shardCount, for: from)
        case .counted(let id, let keys): receiveCounted(id: id, keys, from: from)
        case .votesWanted: reportVotes(to: from)
        case .votes(let report): receive(report, from: from)
        case .prepare, .recover, .promised, .busy, .collate, .collated, .gather, .gathered, .stage, .staged, .freeze,
            .frozen, .change, .changed, .accept, .accepted, .commit, .committed, .abort, .close, .lease:
            receiveReshard(message, from: from)
        }
    }

    /// A message of a sender that has an older layout.
    private mutating func receiveOutdated(_ envelope: Envelope, _ rule: MessageRules.Epoch) {
        if rule == .sameAndAbsorbed { absorb(envelope.message) }
        if case .handOn(let id, _) = envelope.message { send(.handedOn(id: id), to: envelope.from) }
        if rule != .sameOrDropped { send(.epoch(record), to: envelope.from) }
    }

    /// Entries are worth something whatever layout they were sent under.
    private mutating func absorb(_ message: Message) {
        switch message {
        case .replicate(let replication): absorb(replication.records)
        case .handOn(_, let records): absorb(records)
        default: assertionFailure("a message whose rule is to be absorbed carries no entries")
        }
    }

    /// Asks for the layout that somebody ahead has; not more than once in 50 ms.
    mutating func wantEpoch(from peer: NodeAddress) {
        if requests.ahead.pause.end(now) { send(.epochWanted, to: peer) }
    }
}
