/// Reads and writes of keys that this node owns.
extension Replica {
    /// True while writes are held for a switch of the layout.
    var isFrozen: Bool { participation?.isFrozen ?? false }

    /// Serves a request on this node's own store; nil if it has to wait: for its dependencies, or, a write, for
    /// the end of a freeze.
    ///
    /// - Parameter timestamp: chosen already by the node that took the request; nil if that is this node, now.
    mutating func serveHere(_ request: Request, timestamp: UInt64?, isRetry: Bool) -> Reply? {
        switch request {
        case .get(let key, let context):
            if isFrozen, makes(.freezesStopReads) { return nil }
            switch makes(.readsIgnoreContext) ? .ready : readiness(for: context) {
            case .ready: return serveGet(key, pruned(context))
            case .waits: return nil
            case .foreign: return .refused(.foreignContext)
            case .ofAnotherCluster: return .refused(.contextOfAnotherCluster)
            }
        case .put(let key, let value, let context):
            return serveWrite(key, value, context, timestamp: timestamp, isRetry: isRetry)
        case .delete(let key, let context):
            return serveWrite(key, nil, context, timestamp: timestamp, isRetry: isRetry)
        default:
            return nil
        }
    }

    private func serveGet(_ key: String, _ seen: CausalContext) -> Reply {
        guard let entry = store[key] else { return .noSuchKey(context: seen) }
        var context = seen
        include(entry, in: &context)
        guard let value = entry.value else { return .noSuchKey(context: context) }
        return .found(value: value, context: context)
    }

    private mutating func serveWrite(
        _ key: String, _ value: [UInt8]?, _ context: CausalContext, timestamp: UInt64?, isRetry: Bool
    ) -> Reply? {
        guard disk.isWritable else { return .refused(.diskFailing) }
        switch readiness(for: context) {
        case .ready: break
        case .waits: return nil
        case .ofAnotherCluster: return .refused(.contextOfAnotherCluster)
        case .foreign:
            if makes(.refusedWritesAreKept), let value {
                let stamp = time.clock.tick(wallMicroseconds: wallMicroseconds)
                _ = write(key, value, slot: store.slot(of: key), timestamp: stamp, dependencies: VersionVector())
            }
            return .refused(.foreignContext)
        }
        guard !isFrozen, let shard else { return nil }
        var seen = pruned(context)
        // Only what decides is read of what the key holds: most writes have no use for the rest.
        let slot = store.slot(of: key)
        let present = slot.flatMap { store.isHeld($0) ? $0 : nil }
        let presentVersion = present.map { store.slots.version(at: $0) }
        let existed = present.map { !store.slots.isTombstone(at: $0) } ?? false
        if let timestamp, present == nil, isPast(timestamp) {
            // A deletion after it may be forgotten. What was tried elsewhere may have been carried out before that.
            let latest = time.clock.tick(wallMicroseconds: wallMicroseconds)
            return .refused(isRetry ? .shardDown(shard: shard) : .outdated(timestamp: latest))
        }
        if value == nil, !existed {
            if let present {
                include(store.slots.entry(at: present), in: &seen)
                if isRetry, presentVersion?.timestamp == timestamp { return .deleted(context: seen, shard: shard) }
            }
            return .noSuchKey(context: seen)
        }
        guard let dependencies = confirmedDependencies(of: seen.vector) else { return nil }
        time.follow(seen.timestamp, of: .contexts)
        var chosen = timestamp ?? time.clock.tick(wallMicroseconds: wallMicroseconds)
        if makes(.timestampsIgnoreContext) { chosen = now.wallMicroseconds << 12 }
        if let present, let presentVersion, presentVersion.timestamp >= chosen, !makes(.timestampsIgnoreContext) {
            guard isRetry else { return .refused(.outdated(timestamp: presentVersion.timestamp)) }
            // Carried out before, or overtaken meanwhile: either way there is nothing left to do.
            include(store.slots.entry(at: present), in: &seen)
            if value == nil { return .deleted(context: seen, shard: shard) }
            let isCreation = presentVersion.timestamp == chosen && requests.creations.contains(chosen)
            return isCreation ? .created(context: seen, shard: shard) : .replaced(context: seen, shard: shard)
        }
        let version = write(key, value, slot: slot, timestamp: chosen, dependencies: dependencies)
        seen.vector.raise(version.dot)
        seen.timestamp = max(seen.timestamp, version.timestamp)
        if !existed, value != nil { requests.creations.note(version.timestamp) }
        if value == nil { return .deleted(context: seen, shard: shard) }
        return existed ? .replaced(context: seen, shard: shard) : .created(context: seen, shard: shard)
    }

    /// Counts, keeps and logs a write of this node's own. `slot` is the key's, where it has one.
    private mutating func write(
        _ key: String, _ value: [UInt8]?, slot: Int?, timestamp: UInt64, dependencies: VersionVector
    ) -> Version {
        let number = epochState.own.next()
        let version = Version(dot: Dot(origin: ownOrigin, counter: number), timestamp: timestamp)
        if !(makes(.answersWithoutKeeping) && number % 20 == 0) {
            store.merge(key, Entry(value: value, version: version, dependencies: dependencies), slot: slot)
        }
        epochState.cover(version.dot)
        time.clock.observe(timestamp)
        requests.open.noteKnowledge()
        if !shardPeers.isEmpty {
            epochState.own.log(key)
            wantResume(afterMicroseconds: configuration.replicationDelayMicroseconds)
        } else {
            epochState.own.skip()
        }
        return version
    }

    /// Adds what reading `entry` teaches: itself, and what it depends on in other shards.
    private func include(_ entry: Entry, in context: inout CausalContext) {
        context.timestamp = max(context.timestamp, entry.version.timestamp)
        include(entry.version.dot, in: &context)
        for element in entry.dependencies.elements {
            include(Dot(origin: element.origin, counter: element.counter), in: &context)
        }
    }

    /// Names a write, or the epoch whose owners all have it.
    private func include(_ dot: Dot, in context: inout CausalContext) {
        if isNamed(dot) {
            context.vector.raise(dot)
        } else {
            context.epoch = max(context.epoch, layout.epoch)
        }
    }
}
