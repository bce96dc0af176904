extension Replica {
    /// The event that this node waits for before it serves; nil if it serves, or has nothing to wait for.
    var wait: Wait? {
        switch state {
        case .serving: nil
        case .stopping: members.own.hasYielded ? .twin : nil
        case .joiner: joinerWait
        case .starting:
            if let stranger = foundingConflict {
                .conflict(
                    stranger.address,
                    stranger.founding.flatMap { members.identity.founding?.difference(from: $0) })
            } else {
                .answers(shardPeers.filter { peers[$0]?.state != .starting || !isUp($0) })
            }
        case .catchingUp: catchUpWait
        }
    }

    private var joinerWait: Wait? {
        if layout.epoch == 0 { return cluster == nil ? .cluster(configuration.view.filter { $0 != address }) : nil }
        return layout.members.contains(where: isUp) ? nil : .members(layout.members)
    }

    private var catchUpWait: Wait {
        if let running = epochState.catchUp { return .fetch(running.source, records: running.records) }
        let down = shardPeers.filter { !isUp($0) }
        if !down.isEmpty { return .data(down) }
        let lastStart = peers.all.map(\.startHeartbeat).max() ?? 0
        return .quiet(
            peerAddresses.filter { node in
                guard !isNotAwaited(node), let peer = peers[node] else { return false }
                return !peer.presence.isUp || peer.epoch != layout.epoch || peer.said.isOutsideChangesAfter <= lastStart
                    || layout.shard(of: node) == shard && peer.state != .catchingUp
            })
    }
}
