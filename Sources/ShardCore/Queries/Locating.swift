/// A question for where a key lives, until every member has said what it holds.
struct Locating: Sendable {
    let client: RequestID
    var location: KeyLocation
    let startedMicroseconds: UInt64
}

extension Replica {
    private static let answerMilliseconds: UInt64 = 500

    mutating func startLocate(_ key: String, for client: RequestID) {
        guard layout.shardCount > 0 else { return reply(client, .refused(.shardDown(shard: nil))) }
        let owner = layout.shard(ofKey: key)
        let question = newQuestion()
        let location = KeyLocation(
            key: key, hash: ShardHash.digest(of: key, seed: layout.seed).hexadecimal, shard: owner,
            epoch: layout.epoch, seed: layout.seed,
            members: layout.shards[owner].map { KeyLocation.Holder(address: $0, health: isUp($0) ? .up : .down) })
        locating[question] = Locating(
            client: client, location: location, startedMicroseconds: now.monotonicMicroseconds)
        for member in layout.shards[owner] where isUp(member) { send(.probe(id: question, key: key), to: member) }
    }

    mutating func serveProbe(id: UInt64, key: String, to node: NodeAddress) {
        let entry = store[key]
        send(.probed(id: id, version: entry?.version, isTombstone: entry?.isTombstone ?? false), to: node)
    }

    mutating func receiveProbed(id: UInt64, _ version: Version?, isTombstone: Bool, from: NodeAddress) {
        guard var query = locating[id], let index = query.location.members.firstIndex(where: { $0.address == from })
        else { return }
        query.location.members[index].answered = true
        query.location.members[index].version = version.map {
            KeyLocation.VersionLabel(version: $0, isTombstone: isTombstone)
        }
        locating[id] = query
        guard query.location.members.allSatisfy({ $0.answered || $0.health != .up }) else { return }
        locating[id] = nil
        reply(query.client, .location(query.location))
    }

    mutating func expireLocating() {
        for id in locating.keys.sorted() {
            guard let query = locating[id], hasPassed(Self.answerMilliseconds, since: query.startedMicroseconds) else {
                continue
            }
            locating[id] = nil
            reply(query.client, .location(query.location))
        }
    }
}
