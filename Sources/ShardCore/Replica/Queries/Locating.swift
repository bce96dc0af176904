extension Replica {
    mutating func startLocate(_ key: String, for client: RequestID) {
        guard layout.shardCount > 0 else { return reply(client, .refused(.shardDown(shard: nil))) }
        let owner = layout.shard(ofKey: key)
        let location = KeyLocation(
            key: key, hash: ShardHash.digest(of: key, seed: layout.seed).hexadecimal, shard: owner,
            epoch: layout.epoch, seed: layout.seed,
            members: layout.shards[owner].map { KeyLocation.Holder(address: $0, health: isUp($0) ? .up : .down) })
        let question = queries.ids.next()
        queries.locating.begin(question, location, for: client, now)
        for member in layout.shards[owner] where isUp(member) { send(.probe(id: question, key: key), to: member) }
    }

    mutating func serveProbe(id: UInt64, key: String, to node: NodeAddress) {
        let entry = store[key]
        send(.probed(id: id, version: entry?.version, isTombstone: entry?.isTombstone ?? false), to: node)
    }

    mutating func receiveProbed(id: UInt64, _ version: Version?, isTombstone: Bool, from: NodeAddress) {
        guard let (client, location) = queries.locating.noteAnswer(id, version, isTombstone: isTombstone, from: from)
        else {
            return
        }
        reply(client, .location(location))
    }
}
